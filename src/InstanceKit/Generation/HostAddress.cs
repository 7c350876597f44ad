namespace InstanceKit.Generation;

/// <summary>An address of the local host that was found inside a text.</summary>
/// <param name="Position">Where its host starts in the text.</param>
/// <param name="Host">The host as it is written, such as <c>localhost</c> or <c>[::1]</c>.</param>
/// <param name="PortPosition">Where its port starts in the text, or would start after a colon.</param>
/// <param name="Port">The port, 1 to 65535.</param>
public sealed record HostAddress(int Position, string Host, int PortPosition, int Port)
{
    /// <summary>What has to stand before a port, where the address has none and means its scheme's; otherwise empty.</summary>
    public string ImpliedColon { get; init; } = "";

    /// <summary>Where the address ends in the text, exclusive.</summary>
    internal int End => ImpliedColon.Length > 0 ? PortPosition : PortPosition + Port.ToString().Length;
}
