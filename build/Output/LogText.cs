using System.Text.RegularExpressions;

namespace Output;

/// <summary>
/// Sanitizes foreign text for a terminal: logs, and what errors, tables and progress show from apps, containers and other
/// programs. Keeps tabs, and colors if requested; removes what moves the cursor, clears the screen, sets a title
/// or shows letters in another order than they are in.
/// </summary>
internal static partial class LogText
{
    /// <summary>The text without any control characters but tabs and line feeds.</summary>
    public static string Plain(string text)
    {
        if (!Control().IsMatch(text) && !text.Contains('\e', StringComparison.Ordinal))
            return text;
        return Control().Replace(Escape().Replace(text, ""), m => m.Value == "\n" ? "\n" : "");
    }

    /// <summary>The same for a piece of a line.</summary>
    public static string Piece(string text) => Plain(text).Replace('\n', ' ');

    /// <summary>Removes what would move the cursor, clear the screen or change the title.</summary>
    /// <param name="line">The line as it was written.</param>
    /// <param name="keepsColors">Whether its own colours stay.</param>
    public static string Clean(string line, bool keepsColors)
    {
        // A progress bar overwrites itself; keep what it showed last.
        var shown = line.TrimEnd('\r');
        shown = shown[(shown.LastIndexOf('\r') + 1)..];
        if (shown.Contains('\e', StringComparison.Ordinal))
            shown = Escape().Replace(shown, m => keepsColors && m.Groups["color"].Success ? m.Value : "");
        return Control().IsMatch(shown) ? Control().Replace(shown, "") : shown;
    }

    [GeneratedRegex(@"(?<color>\e\[[0-9;:]*m)|\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(?:\a|\e\\)?|\e[ -/]*[0-~]|\e")]
    private static partial Regex Escape();

    // C0 without tab and the start of a kept escape sequence, DEL, C1, and what changes the direction of text.
    [GeneratedRegex(@"[\x00-\x08\x0A-\x1A\x1C-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Control();
}
