namespace InstanceKit.Generation;

/// <summary>One port of a text that was replaced.</summary>
/// <param name="Position">Where the host of the address starts in the old text.</param>
/// <param name="Host">The host as it is written.</param>
/// <param name="OldPort">The base port.</param>
/// <param name="NewPort">The instance's port.</param>
public sealed record HostAddressReplacement(int Position, string Host, int OldPort, int NewPort);
