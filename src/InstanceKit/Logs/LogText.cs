using System.Globalization;
using System.Text;
using InstanceKit.Platform;

namespace InstanceKit.Logs;

/// <summary>Reads the stamps that PM2 and Docker put before a line.</summary>
public static class LogText
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
