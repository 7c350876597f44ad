using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>Recognizes the error of an engine that may not set the <c>ulimits</c> of a compose file.</summary>
internal static partial class RefusedLimit
{
    /// <summary>Compose's names of the limits, by Linux's numbers.</summary>
    private static readonly string[] Names =
    [
        "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks", "sigpending", "msgqueue",
        "nice", "rtprio", "rttime",
    ];

    /// <summary>The limit, as a compose file names it, or <see langword="null"/> for another error.</summary>
    /// <param name="words">What Compose or the engine wrote.</param>
    public static string? Find(string words)
    {
        if (Words().Match(words) is not { Success: true } match)
            return null;
        if (match.Groups["name"] is { Success: true } name)
            return name.Value.ToLowerInvariant();
        return int.TryParse(match.Groups["type"].Value, out var type) && type < Names.Length ? Names[type] : match.Groups["type"].Value;
    }

    // runc by number, crun by name; the engine itself where it knows better before it starts anything.
    [GeneratedRegex(@"error setting rlimits? type (?<type>\d+)\b|setrlimit [`'""]?RLIMIT_(?<name>[A-Z]+)\b|ulimit .{0,40}?\b(?<name>nofile|memlock|nproc|core|stack)\b.{0,80}?not permitted", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
