namespace InstanceKit.Instances;

/// <summary>What is remembered of a file that a person edited.</summary>
/// <param name="MadeFrom">The hash of each source, when the file was last written by the program.</param>
/// <param name="Shown">The hash of the difference that was last shown in full; empty before.</param>
public sealed record KeptFile(IReadOnlyDictionary<string, string> MadeFrom, string Shown);
