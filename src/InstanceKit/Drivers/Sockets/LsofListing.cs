using System.Globalization;
using System.Net;
using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>Reads the output of <c>lsof -nP -iTCP -sTCP:LISTEN -F pn</c>.</summary>
/// <remarks>Each line is a field: <c>p</c> the process id, <c>f</c> a descriptor, <c>n</c> the socket's name.</remarks>
public static class LsofListing
{
    /// <summary>The command whose output is read.</summary>
    public static ProcessSpec Command { get; } = new()
    {
        Program = "lsof",
        Arguments = ["-nP", "-iTCP", "-sTCP:LISTEN", "-F", "pn"],
        InstallHint = "Install lsof, which tells who listens to a port.",
    };

    /// <summary>The listening sockets; lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ListeningSocket> Parse(string output)
    {
        var sockets = new Dictionary<(int, IPAddress), ListeningSocket>();
        int? pid = null;
        foreach (var line in output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 1))
        {
            if (line[0] == 'p')
                pid = int.TryParse(line.AsSpan(1), NumberStyles.None, null, out var id) ? id : null;
            else if (line[0] == 'n' && LocalName.TryParse(line[1..], out var address, out var port))
                Add(new ListeningSocket(port, address, pid));
        }

        return [.. sockets.Values];

        void Add(ListeningSocket socket)
        {
            var key = (socket.Port, socket.Address);
            if (!sockets.TryGetValue(key, out var known) || socket.Pid < known.Pid)
                sockets[key] = socket;
        }
    }
}
