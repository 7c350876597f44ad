namespace InstanceKit.Generation;

/// <summary>One value of an env file that the patch changed or added.</summary>
/// <remarks>The values may hold passwords: show keys and causes, not values.</remarks>
/// <param name="Key">The name.</param>
/// <param name="Line">The line of the key in the patched document, from 1.</param>
/// <param name="From">The decoded value before; null for an added key.</param>
/// <param name="To">The decoded value now.</param>
/// <param name="Cause">One of the texts of <see cref="EnvCause"/>.</param>
public sealed record EnvChange(string Key, int Line, string? From, string To, string Cause);
