using System.Net;
using static InstanceKit.Generation.HostAddressText;

namespace InstanceKit.Generation;

/// <summary>The names of the local host in a text.</summary>
internal static class HostAddressHost
{
    private static readonly string[] Names = ["localhost", "host.docker.internal", "0.0.0.0", "[::1]", "[::]"];

    /// <summary>The end of the local host's name that starts here, or null, regardless of what follows it.</summary>
    /// <param name="start">Where the name may start.</param>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static int? End(string text, int start, IReadOnlyList<string>? further = null)
    {
        foreach (var name in Names)
            if (EndOf(name, text, start) is { } end) return end;
        foreach (var name in further ?? [])
            if (EndOf(name, text, start) is { } end && !IsNameChar(HostAddressText.Read(text, end).Character)) return end;
        return LoopbackEnd(text, start);
    }

    /// <summary>Whether the whole of a host part, with or without brackets, means the local host.</summary>
    public static bool IsLocal(string host, IReadOnlyList<string>? further = null) =>
        host is "::1" or "::" || End(host, 0, further) == host.Length;

    private static int? EndOf(string name, string text, int start)
    {
        var at = start;
        foreach (var expected in name)
        {
            var (c, length) = HostAddressText.Read(text, at);
            if ((char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c) != expected) return null;
            at += length;
        }

        return at;
    }

    private static int? LoopbackEnd(string text, int start)
    {
        if (string.CompareOrdinal(text, start, "127.", 0, 4) != 0) return null;
        var end = start;
        while (end < text.Length && end - start < 16 && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
        var literal = text.AsSpan(start, end - start);

        // The dots are counted because IPAddress also accepts the short form 127.1.
        return literal.Count('.') == 3 && IPAddress.TryParse(literal, out _) ? end : null;
    }
}
