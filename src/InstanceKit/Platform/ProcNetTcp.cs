using System.Globalization;
using System.Net;

namespace InstanceKit.Platform;

/// <summary>Reads the text of <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c>.</summary>
/// <remarks>The format is that of proc(5): addresses are hexadecimal, in 32-bit words of the host's byte order.</remarks>
public static class ProcNetTcp
{
    private const string Listen = "0A";

    /// <summary>A listening socket in the kernel's table.</summary>
    /// <param name="Port">The port.</param>
    /// <param name="Address">The local address.</param>
    /// <param name="Inode">The socket's inode, which its holders' descriptors name.</param>
    public sealed record Listener(int Port, IPAddress Address, long Inode);

    /// <summary>The listening sockets of a table; lines of another form are passed over.</summary>
    /// <param name="table">The whole text, with its heading.</param>
    public static IEnumerable<Listener> ParseListeners(string table)
    {
        foreach (var line in table.Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || fields[3] != Listen)
                continue;
            var colon = fields[1].IndexOf(':', StringComparison.Ordinal);
            if (colon is 8 or 32
                && int.TryParse(fields[1].AsSpan(colon + 1), NumberStyles.HexNumber, null, out var port)
                && long.TryParse(fields[9], NumberStyles.None, null, out var inode))
                yield return new Listener(port, ParseAddress(fields[1][..colon]), inode);
        }
    }

    private static IPAddress ParseAddress(string hexadecimal)
    {
        var bytes = Convert.FromHexString(hexadecimal);
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
                Array.Reverse(bytes, word, 4);
        }

        return new IPAddress(bytes);
    }
}
