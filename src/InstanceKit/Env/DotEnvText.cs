namespace InstanceKit.Env;

/// <summary>The characters that matter in an env file, as JavaScript's regular expressions see them.</summary>
internal static class DotEnvText
{
    /// <summary>White space of JavaScript's <c>\s</c>: .NET's, plus the byte order mark, less NEL.</summary>
    public static bool IsSpace(char c) => c == '\uFEFF' || (c != '\u0085' && char.IsWhiteSpace(c));

    public static bool IsKeyChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';

    public static bool IsQuote(char c) => c is '\'' or '"' or '`';

    public static bool IsLineEnd(char c) => c is '\r' or '\n';

    /// <summary>The first position at or after <paramref name="from"/> that is not white space.</summary>
    public static int SkipSpace(string text, int from)
    {
        while (from < text.Length && IsSpace(text[from])) from++;
        return from;
    }

    /// <summary>The position after the line of <paramref name="from"/>.</summary>
    public static int NextLine(string text, int from)
    {
        var end = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (end < 0) return text.Length;
        end += from;
        return text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
    }

    /// <summary>The most frequent line ending of the text; LF for a single line.</summary>
    public static string Newline(string text)
    {
        int lf = 0, crlf = 0, cr = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') lf++;
            else if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') { crlf++; i++; }
            else if (text[i] == '\r') cr++;
        }

        if (lf >= crlf && lf >= cr) return "\n";
        return crlf >= cr ? "\r\n" : "\r";
    }
}
