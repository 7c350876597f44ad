using System.Text.Json.Serialization;

namespace InstanceKit.Platform;

/// <summary>How small notes to later commands are serialized; generated at compile time, for native compilation.</summary>
[JsonSerializable(typeof(LockHolder))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class NoteJson : JsonSerializerContext;

/// <summary>Who holds an instance.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Verb">What it does: "Up".</param>
/// <param name="Since">When it took the lock.</param>
internal sealed record LockHolder(int Pid, string Verb, DateTimeOffset Since);
