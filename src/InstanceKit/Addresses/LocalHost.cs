using System.Globalization;
using System.Net;

namespace InstanceKit.Addresses;

/// <summary>The names of the local host in a text.</summary>
internal static class LocalHost
{
    /// <summary>The names of the host as containers know it; the last is the gateway of the engine's default network.</summary>
    private static readonly string[] FromContainers =
    [
        "host.docker.internal", "host.containers.internal", "gateway.docker.internal", "host.lima.internal", "host.rancher-desktop.internal",
        "host.orb.internal", "host.minikube.internal", "docker.for.mac.host.internal", "docker.for.win.host.internal",
        "docker.for.mac.localhost", "docker.for.win.localhost", "172.17.0.1",
    ];

    /// <summary>Names below which every name is this machine: by RFC 6761, and public names for 127.0.0.1.</summary>
    private static readonly string[] Domains =
    [
        "localhost", "localtest.me", "lvh.me", "lacolhost.com", "127.0.0.1.nip.io", "127.0.0.1.sslip.io", "127-0-0-1.nip.io", "127-0-0-1.sslip.io",
    ];

    private static readonly string[] Names = [.. FromContainers, "localhost.localdomain", .. Domains, "0.0.0.0", "[::1]", "[::]"];

    /// <summary>The first characters of all names, and of their percent-encoded forms.</summary>
    public static IReadOnlyList<string> Initials { get; } = [.. Names.Append("%").Select(n => n[..1]).Distinct()];

    /// <summary>Parts of which every name contains one, in lower case.</summary>
    public static IReadOnlyList<string> Needles { get; } =
        ["localhost", "127.", "127-0-0-1", "0.0.0.0", "[::", ".internal", "172.17.0.1", "localtest.me", "lvh.me", "lacolhost.com"];

    /// <summary>Whether a name means the host, also from inside a container.</summary>
    public static bool IsHostOfContainers(string name) => FromContainers.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The end of the local host's name that starts here, or null, regardless of what follows it.</summary>
    /// <param name="start">Where the name may start.</param>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static int? End(string text, int start, IReadOnlyList<string>? further = null)
    {
        foreach (var name in Names)
            if (EndOf(name, text, start) is { } end) return end;
        foreach (var name in further ?? [])
            if (EndOf(name, text, start) is { } end && !EscapedText.IsNameChar(EscapedText.Read(text, end).Character)) return end;
        return LoopbackEnd(text, start);
    }

    /// <summary>The start of a name below <c>localhost</c> or a like domain, such as <c>acme.localhost</c>; null where there is none.</summary>
    /// <param name="domain">Where the domain starts.</param>
    public static int? StartOfSubdomain(string text, int domain)
    {
        const int longest = 253;
        var start = domain;
        if (start == 0 || text[start - 1] != '.' || !Array.Exists(Domains, d => EndOf(d, text, domain) is not null)) return null;
        while (start > 0 && domain - start < longest && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '-' or '_')) start--;
        return text[start] != '.' || (start > 0 && text[start - 1] == '*') ? start : null;
    }

    /// <summary>Whether the whole of a host part, with or without brackets, means the local host.</summary>
    public static bool IsLocal(string host, IReadOnlyList<string>? further = null) =>
        host is "::1" or "::" || End(host, 0, further) == host.Length
        || Array.Exists(Domains, d => host.EndsWith("." + d, StringComparison.OrdinalIgnoreCase) && StartOfSubdomain(host, host.Length - d.Length) == 0);

    private static int? EndOf(string name, string text, int start)
    {
        var at = start;
        foreach (var expected in name)
        {
            var (c, length) = EscapedText.Read(text, at);
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

/// <summary>Reads a text that may contain percent-encoded characters.</summary>
internal static class EscapedText
{
    /// <summary>What an escape of a byte that is not ASCII reads as: part of a foreign name.</summary>
    private const char Foreign = 'ß';

    /// <summary>The character at this position and its length in the text; NUL and 0 at the end.</summary>
    public static (char Character, int Length) Read(string text, int at)
    {
        if (at >= text.Length) return ('\0', 0);
        if (text[at] != '%' || at + 2 >= text.Length) return (text[at], 1);
        if (!byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, null, out var value)) return ('%', 1);
        return (value < 0x80 ? (char)value : Foreign, 3);
    }

    /// <summary>The character before this position.</summary>
    public static char Before(string text, int at)
    {
        if (at == 0) return '\0';
        return at >= 3 && Read(text, at - 3) is { Length: 3 } escape ? escape.Character : text[at - 1];
    }

    /// <summary>Whether the character can be part of a host name or number.</summary>
    public static bool IsNameChar(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '_' or '-' or '.';
}
