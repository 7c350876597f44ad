using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>The durations of compose files: <c>1m30s</c>, <c>500ms</c> (Go's <c>time.ParseDuration</c>).</summary>
public static partial class GoDuration
{
    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">The text is no duration.</exception>
    public static TimeSpan Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no duration.");

        var milliseconds = 0m;
        for (var i = 0; i < match.Groups["value"].Captures.Count; i++)
        {
            var value = decimal.Parse(match.Groups["value"].Captures[i].Value, CultureInfo.InvariantCulture);
            milliseconds += value * match.Groups["unit"].Captures[i].Value switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1_000,
                "ms" => 1,
                "us" or "µs" => 0.001m,
                _ => 0.000_001m,
            };
        }

        return TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
    }

    /// <summary>Writes whole milliseconds: <c>500ms</c>, or seconds where they are whole: <c>2s</c>.</summary>
    public static string Print(TimeSpan duration) =>
        duration.TotalMilliseconds % 1000 == 0
            ? $"{duration.TotalSeconds:0}s"
            : $"{duration.TotalMilliseconds:0}ms";

    [GeneratedRegex(@"^(?:(?<value>\d+(?:\.\d+)?)(?<unit>h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Form();
}
