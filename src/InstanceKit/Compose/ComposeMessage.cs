using System.Text.RegularExpressions;

namespace InstanceKit.Compose;

/// <summary>Compose's warnings, which it writes as <c>time="…" level=warning msg="…"</c>, rewritten to say what to do.</summary>
internal static partial class ComposeMessage
{
    /// <summary>A warning in one line; <see langword="null"/> for a line that is none.</summary>
    public static string? FindWarning(string line)
    {
        if (Form().Match(line) is not { Success: true } match)
            return null;
        var text = Quoted().Replace(match.Groups["text"].Value, "$1").Trim();
        if (Unset().Match(text) is { Success: true } unset)
            return $"The variable {unset.Groups["name"].Value} is not set, so it is empty in the compose files. Set it in the workspace's .env, or give it a default: ${{{unset.Groups["name"].Value}:-VALUE}}.";
        if (Obsolete().Match(text) is { Success: true } obsolete)
            return $"{obsolete.Groups["file"].Value}: the key '{obsolete.Groups["key"].Value}' is obsolete and has no effect. Remove it.";
        if (Orphans().Match(text) is { Success: true } orphans)
            return $"Containers of services that are no longer in the compose files: {orphans.Groups["names"].Value.Replace(' ', ',').Replace(",", ", ", StringComparison.Ordinal)}. Down removes them.";
        return text;
    }

    /// <summary>Compose's output: the reason first, then each warning once and on one line.</summary>
    public static string ReasonFirst(string output)
    {
        var lines = output.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToList();
        return string.Join('\n', lines.Where(l => FindWarning(l) is null)
            .Concat(lines.Select(FindWarning).OfType<string>().Distinct().Select(w => $"warning: {w}")));
    }

    [GeneratedRegex("""^(?:time="[^"]*"\s+)?level=warning\s+msg=(?:"(?<text>(?:[^"\\]|\\.)*)"|(?<text>\S+))""")]
    private static partial Regex Form();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^The "(?<name>[^"]+)" variable is not set""")]
    private static partial Regex Unset();

    [GeneratedRegex("""^(?<file>.+?): (?:the attribute )?`(?<key>[^`]+)` is obsolete""")]
    private static partial Regex Obsolete();

    [GeneratedRegex("""^Found orphan containers \(\[(?<names>[^\]]*)\]\)""")]
    private static partial Regex Orphans();
}
