using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Logs;

/// <summary>Parses a point in time: a relative time, or a date and time.</summary>
public static partial class SinceParser
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>The moment that the text names.</summary>
    /// <param name="text">
    /// A time ago, as <c>45s</c>, <c>10m</c>, <c>2h30m</c>, <c>1d</c>; or an ISO 8601 date and time, in the zone of
    /// <paramref name="now"/> when it names none.
    /// </param>
    /// <exception cref="InstanceKitException">The text is neither.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now) =>
        ParseAgo(text, now) ?? ParseMoment(text, now.Offset) ?? throw InstanceKitException.Usage(
            $"'{text}' is not a valid time.",
            "Use a relative time such as 45s, 10m, 2h30m or 1d, or a date and time such as 2026-11-24T22:15:00.");

    private static DateTimeOffset? ParseAgo(string text, DateTimeOffset now)
    {
        var match = Ago().Match(text);
        if (!match.Success)
            return null;
        var ago = TimeSpan.FromDays(Part("d")) + TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m"))
            + TimeSpan.FromSeconds(Part("s"));
        return ago < now - DateTimeOffset.MinValue ? now - ago : null;

        int Part(string unit) => match.Groups[unit] is { Success: true } group ? int.Parse(group.ValueSpan) : 0;
    }

    private static DateTimeOffset? ParseMoment(string text, TimeSpan zone)
    {
        if (DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return local - DateTime.MinValue >= zone && DateTime.MaxValue - local >= -zone ? new DateTimeOffset(local, zone) : null;
        var withZone = Formats.Skip(1).Select(f => f + "zzz").Concat(Formats.Skip(1).Select(f => f + "'Z'")).ToArray();
        return DateTimeOffset.TryParseExact(
            text, withZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;
    }

    // Seven digits keep every sum within a TimeSpan.
    [GeneratedRegex(@"^(?=[0-9])(?:(?<d>[0-9]{1,7})d)?(?:(?<h>[0-9]{1,7})h)?(?:(?<m>[0-9]{1,7})m)?(?:(?<s>[0-9]{1,7})s)?$(?!\n)")]
    private static partial Regex Ago();
}
