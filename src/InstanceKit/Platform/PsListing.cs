using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>Reads the output of <c>ps -axo pid=,ppid=,stat=,lstart=,comm=</c>, run with <c>LC_ALL=C</c>.</summary>
public static partial class PsListing
{
    /// <summary>The command whose output is read.</summary>
    /// <param name="selection">Which processes: <c>-ax</c> for all, or <c>-p</c> and an id.</param>
    public static ProcessSpec Command(params IEnumerable<string> selection) => new()
    {
        Program = "ps",
        Arguments = [.. selection, "-o", "pid=,ppid=,stat=,lstart=,comm="],
        Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "UTC" },
    };

    /// <summary>The running processes; zombies and lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ProcessEntry> Parse(string output) =>
        [.. output.Split('\n').Select(ParseLine).OfType<ProcessEntry>()];

    /// <summary>The processes with the assignment in the output of <c>ps -axEwwo pid=,command=</c>.</summary>
    /// <param name="output">The whole output: each process's arguments, then its environment.</param>
    /// <param name="assignment">The word, <c>NAME=value</c>, without white space.</param>
    public static IReadOnlyList<int> PidsWithWord(string output, string assignment)
    {
        var pids = new List<int>();
        foreach (var line in output.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.Skip(2).Contains(assignment, StringComparer.Ordinal)
                && int.TryParse(words[0], NumberStyles.None, null, out var pid))
                pids.Add(pid);
        }

        return pids;
    }

    private static ProcessEntry? ParseLine(string line)
    {
        var match = Line().Match(line);
        if (!match.Success || match.Groups["state"].Value.StartsWith('Z'))
            return null;
        var when = match.Groups["start"].Value;
        const DateTimeStyles style = DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParseExact(
            when, "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, style, out var start)
            ? new ProcessEntry(
                int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["parent"].ValueSpan, CultureInfo.InvariantCulture),
                start.ToUnixTimeSeconds(),
                Path.GetFileName(match.Groups["command"].Value))
            : null;
    }

    [GeneratedRegex(@"^\s*(?<pid>\d{1,9})\s+(?<parent>\d{1,9})\s+(?<state>\S+)\s+(?<start>\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(?<command>.*\S)")]
    private static partial Regex Line();
}
