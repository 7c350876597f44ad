namespace InstanceKit.Generation;

/// <summary>A text in which addresses of the stack were given the instance's ports.</summary>
/// <param name="Text">The new text; the same as before when there are no replacements.</param>
/// <param name="Replacements">What was replaced, in the order of the text.</param>
public sealed record HostAddressPatch(string Text, IReadOnlyList<HostAddressReplacement> Replacements);
