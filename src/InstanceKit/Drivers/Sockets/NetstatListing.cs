using System.Globalization;
using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>Reads the output of Windows' <c>netstat -ano</c>.</summary>
/// <remarks>
/// The state column is translated with Windows, so a listener is told by its foreign address, whose port is 0 for
/// listeners alone.
/// </remarks>
public static class NetstatListing
{
    /// <summary>The command whose output is read.</summary>
    /// <param name="protocol"><c>TCP</c>, or <c>TCPv6</c> for the other half.</param>
    public static ProcessSpec Command(string protocol) => new() { Program = "netstat", Arguments = ["-ano", "-p", protocol] };

    /// <summary>The listening sockets; lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ListeningSocket> Parse(string output)
    {
        var sockets = new List<ListeningSocket>();
        foreach (var line in output.Split('\n'))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 5 || fields[0] != "TCP" || !fields[2].EndsWith(":0", StringComparison.Ordinal))
                continue;
            if (LocalName.TryParse(fields[1], out var address, out var port))
            {
                int? pid = int.TryParse(fields[^1], NumberStyles.None, null, out var id) ? id : null;
                sockets.Add(new ListeningSocket(port, address, pid));
            }
        }

        return sockets;
    }
}
