using System.Globalization;

namespace InstanceKit.Generation;

/// <summary>Reads a text that may contain percent-encoded characters.</summary>
internal static class HostAddressText
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

    /// <summary>The default port of the URL whose host starts here, by the scheme before it; or null.</summary>
    public static (int Port, bool IsEncoded)? SchemeBefore(string text, int at)
    {
        var isEncoded = at >= 3 && text[at - 3] == '%';
        foreach (var expected in "//:")
        {
            if (Before(text, at) != expected) return null;
            at -= at >= 3 && Read(text, at - 3).Length == 3 ? 3 : 1;
            // JSON may write \/ for a slash.
            if (expected == '/' && at > 0 && text[at - 1] == '\\') at--;
        }

        var end = at;
        while (at > 0 && end - at < 6 && char.IsAsciiLetter(text[at - 1])) at--;
        return text[at..end].ToLowerInvariant() switch
        {
            "http" or "ws" => (80, isEncoded),
            "https" or "wss" => (443, isEncoded),
            _ => null,
        };
    }

    /// <summary>Whether the character can be part of a host name or number.</summary>
    public static bool IsNameChar(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '_' or '-' or '.';
}
