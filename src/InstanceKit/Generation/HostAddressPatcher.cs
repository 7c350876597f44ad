using System.Text;

namespace InstanceKit.Generation;

/// <summary>Points addresses of this stack on the local host, inside any text, to one instance's ports.</summary>
public static class HostAddressPatcher
{
    /// <summary>
    /// Replaces the port of each local address whose port is a base port of the map, all at once, so that no result is
    /// translated again; hosts and all other characters stay. A URL without a port means its scheme's, 80 or 443, and
    /// gets one when that is translated. Takes time linear in the text.
    /// </summary>
    /// <param name="text">Any text: a URL, a list, JSON, a command line, percent-encoded or not.</param>
    /// <param name="ports">The ports to translate.</param>
    /// <param name="listening">
    /// The ports to translate after <c>0.0.0.0</c> and <c>[::]</c>, where a server listens;
    /// <see langword="null"/> for the same.
    /// </param>
    public static HostAddressPatch Patch(string text, PortMap ports, PortMap? listening = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ports);
        return Patch(text, host => host is "0.0.0.0" or "[::]" ? listening ?? ports : ports, []);
    }

    /// <summary>Does the same with other ports for other names of the host.</summary>
    /// <param name="portsOf">The ports to translate after a name, as written.</param>
    /// <param name="furtherHosts">Further names of the local host, in lower case.</param>
    public static HostAddressPatch Patch(string text, Func<string, PortMap> portsOf, IReadOnlyList<string> furtherHosts)
    {
        var replacements = new List<HostAddressReplacement>();
        var result = new StringBuilder();
        var copied = 0;
        foreach (var address in HostAddressScanner.Find(text, furtherHosts))
        {
            if (portsOf(address.Host).Translate(address.Port) is not { } port || port == address.Port) continue;
            replacements.Add(new HostAddressReplacement(address.Position, address.Host, address.Port, port));
            result.Append(text, copied, address.PortPosition - copied).Append(address.ImpliedColon).Append(port);
            copied = address.End;
        }

        return new HostAddressPatch(
            copied == 0 ? text : result.Append(text, copied, text.Length - copied).ToString(), replacements);
    }
}

/// <summary>A text in which addresses of the stack have the instance's ports.</summary>
/// <param name="Text">The new text; the same as before when there are no replacements.</param>
/// <param name="Replacements">What was replaced, in the order of the text.</param>
public sealed record HostAddressPatch(string Text, IReadOnlyList<HostAddressReplacement> Replacements);

/// <summary>One port of a text that was replaced.</summary>
/// <param name="Position">Where the host of the address starts in the old text.</param>
/// <param name="Host">The host as it is written.</param>
/// <param name="OldPort">The base port.</param>
/// <param name="NewPort">The instance's port.</param>
public sealed record HostAddressReplacement(int Position, string Host, int OldPort, int NewPort);
