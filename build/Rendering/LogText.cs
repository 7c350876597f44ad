using System.Text.RegularExpressions;

namespace Rendering;

/// <summary>Makes a line of somebody else's log harmless for a terminal that shows several of them.</summary>
internal static partial class LogText
{
    /// <summary>Takes out what would move the cursor, clear the screen or change the title.</summary>
    /// <param name="line">The line as it was written.</param>
    /// <param name="keepsColors">Whether its own colours stay.</param>
    public static string Clean(string line, bool keepsColors)
    {
        // A progress bar overwrites itself; what it showed last is what a person would have seen.
        var shown = line.TrimEnd('\r');
        shown = shown[(shown.LastIndexOf('\r') + 1)..];
        if (shown.Contains('\e', StringComparison.Ordinal))
            shown = Escape().Replace(shown, m => keepsColors && m.Groups["color"].Success ? m.Value : "");
        return Control().IsMatch(shown) ? Control().Replace(shown, "") : shown;
    }

    [GeneratedRegex(@"(?<color>\e\[[0-9;:]*m)|\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(?:\a|\e\\)?|\e[ -/]*[0-~]|\e")]
    private static partial Regex Escape();

    // The tab and the beginning of an escape sequence that was kept are all that may stay.
    [GeneratedRegex(@"[\x00-\x08\x0A-\x1A\x1C-\x1F\x7F]")]
    private static partial Regex Control();
}
