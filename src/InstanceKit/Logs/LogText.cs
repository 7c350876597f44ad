using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Platform;

namespace InstanceKit.Logs;

/// <summary>Reads the stamps that PM2 and Docker put before a line.</summary>
internal static class LogText
{
    /// <summary>PM2's <c>log_date_format</c> that <see cref="ReadPm2"/> understands.</summary>
    public const string Pm2DateFormat = ProcessMarks.LogDateFormat;

    /// <summary>The size at which Docker splits a line; each chunk has its own timestamp.</summary>
    public const int DockerPiece = 16 * 1024;

    private const int Pm2StampLength = 29;
    private const int DockerStampLength = 30;

    /// <summary>A line of a file that PM2 writes with <see cref="Pm2DateFormat"/>: <c>2026-11-24T22:50:19.036+00:00: text</c>.</summary>
    /// <returns>The stamp, or <see langword="null"/> when the line has none, and the text.</returns>
    public static (DateTimeOffset? Timestamp, string Text) ReadPm2(ReadOnlySpan<byte> line)
    {
        var text = Decode(line);
        return text.Length >= Pm2StampLength + 1 && text[Pm2StampLength] == ':'
            && DateTimeOffset.TryParseExact(
                text.AsSpan(0, Pm2StampLength), "yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var stamp)
            ? (stamp, text.Length > Pm2StampLength + 2 ? text[(Pm2StampLength + 2)..] : "")
            : (null, text);
    }

    /// <summary>A line with a timestamp from Docker: <c>2026-11-24T22:50:19.036123456Z text</c>.</summary>
    /// <returns>The stamp, or <see langword="null"/> when the line has none, and the text without any inner stamp.</returns>
    public static (DateTimeOffset? Timestamp, string Text) ReadDocker(ReadOnlySpan<byte> line)
    {
        if (StampOf(line) is not { } stamp)
            return (null, Decode(line));
        line = line[(DockerStampLength + 1)..];
        var text = new List<byte>(line.Length);
        while (line.Length > DockerPiece && StampOf(line[DockerPiece..]) is not null)
        {
            text.AddRange(line[..DockerPiece]);
            line = line[(DockerPiece + DockerStampLength + 1)..];
        }

        text.AddRange(line);
        return (stamp, Decode(text.ToArray()));
    }

    private static DateTimeOffset? StampOf(ReadOnlySpan<byte> line) =>
        line.Length > DockerStampLength && line[DockerStampLength - 1] == 'Z' && line[DockerStampLength] == ' '
        && DateTimeOffset.TryParseExact(
            Encoding.ASCII.GetString(line[..(DockerStampLength - 3)]), "yyyy-MM-dd'T'HH:mm:ss.fffffff",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stamp)
            ? stamp
            : null;

    private static string Decode(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line is [.., (byte)'\r'] ? line[..^1] : line);
}

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
