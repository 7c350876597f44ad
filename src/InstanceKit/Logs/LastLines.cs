namespace InstanceKit.Logs;

/// <summary>The last lines that something wrote, as they stand in an error.</summary>
internal static class LastLines
{
    /// <summary>How many lines are shown.</summary>
    public const int Count = 15;

    /// <summary>The lines, indented, under a heading; nothing where there are none.</summary>
    public static string Format(string subject, IReadOnlyList<string> lines) =>
        lines.Count == 0
            ? $"\n  {subject} wrote nothing."
            : $"\n  Last lines of {subject}:" + string.Concat(lines.TakeLast(Count).Select(l => $"\n    {l}"));
}
