using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Models;

/// <summary>The durations of compose files: <c>1m30s</c>, <c>500ms</c> (Go's <c>time.ParseDuration</c>).</summary>
public static partial class GoDuration
{
    private const double Longest = long.MaxValue / 1e6; // Go counts nanoseconds; in milliseconds

    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">The text is not a duration, or one longer than Go's, about 292 years.</exception>
    public static TimeSpan Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is not a valid duration.");

        var milliseconds = 0d;
        for (var i = 0; i < match.Groups["value"].Captures.Count; i++)
        {
            var value = double.Parse(match.Groups["value"].Captures[i].Value, CultureInfo.InvariantCulture);
            milliseconds += value * match.Groups["unit"].Captures[i].Value switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1_000,
                "ms" => 1,
                "us" or "µs" => 0.001,
                _ => 0.000_001,
            };
        }

        return milliseconds <= Longest
            ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new FormatException($"'{text}' exceeds the longest duration, about 292 years.");
    }

    /// <summary>Writes whole milliseconds: <c>500ms</c>, or seconds where they are whole: <c>2s</c>.</summary>
    public static string Print(TimeSpan duration) =>
        duration.TotalMilliseconds % 1000 == 0
            ? $"{duration.TotalSeconds:0}s"
            : $"{duration.TotalMilliseconds:0}ms";

    [GeneratedRegex(@"^(?:(?<value>[0-9]+(?:\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Form();
}
