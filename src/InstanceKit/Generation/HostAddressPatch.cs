namespace InstanceKit.Generation;

/// <summary>A text in which addresses of the stack were given the instance's ports.</summary>
/// <param name="Text">The new text; the same as before when there are no replacements.</param>
/// <param name="Replacements">What was replaced, in the order of the text.</param>
public sealed record HostAddressPatch(string Text, IReadOnlyList<HostAddressReplacement> Replacements);

/// <summary>One port that was replaced.</summary>
/// <param name="Position">Where the host of the address starts in the old text.</param>
/// <param name="Host">The host as it is written.</param>
/// <param name="OldPort">The base port.</param>
/// <param name="NewPort">The instance's port.</param>
public sealed record HostAddressReplacement(int Position, string Host, int OldPort, int NewPort);
