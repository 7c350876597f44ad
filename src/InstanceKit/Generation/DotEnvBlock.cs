namespace InstanceKit.Generation;

/// <summary>Where a marked block of an env file lies: positions in its text.</summary>
/// <param name="Start">The start of the first marker's line.</param>
/// <param name="Body">The start of the line after the first marker.</param>
/// <param name="Footer">The start of the last marker's line.</param>
/// <param name="End">The start of the line after the last marker.</param>
internal readonly record struct DotEnvBlock(int Start, int Body, int Footer, int End)
{
    /// <summary>The lines of an empty block.</summary>
    public static string Markers(string title, string newline)
    {
        if (title.Length == 0 || title != title.Trim() || title.AsSpan().IndexOfAny("\r\n'\"`") >= 0)
            throw new ArgumentException("A title is one line without quotes and outer spaces.", nameof(title));
        return $"# >>> {title}{newline}# <<< {title}{newline}";
    }

    /// <summary>The first complete block of that title, or null.</summary>
    public static DotEnvBlock? Find(DotEnvDocument document, string title)
    {
        var text = document.ToString();
        int? start = null;
        for (int at = 0, next; at < text.Length; at = next)
        {
            next = DotEnvText.NextLine(text, at);
            var line = text.AsSpan(at, next - at).Trim();
            var opens = line.SequenceEqual($"# >>> {title}");
            if ((!opens && !line.SequenceEqual($"# <<< {title}")) || IsInValue(document, at)) continue;
            if (opens) start = at;
            else if (start is { } from) return new DotEnvBlock(from, DotEnvText.NextLine(text, from), at, next);
        }

        return null;
    }

    private static bool IsInValue(DotEnvDocument document, int position) =>
        document.Entries.Any(entry => entry.Start <= position && position < entry.End);
}
