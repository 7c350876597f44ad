using System.Text;
using CsCheck;
using InstanceKit.Logs;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Logs;

public sealed class LogTextTests
{
    private const string DockerStamp = "2026-11-24T22:50:19.036123400Z ";

    [Theory]
    [InlineData("2026-11-24T22:50:19.036+00:00: hello", "2026-11-24T22:50:19.036+00:00", "hello")]
    [InlineData("2026-11-24T22:50:19.036+05:30:  two: spaces\r", "2026-11-24T22:50:19.036+05:30", " two: spaces")]
    [InlineData("2026-11-24T22:50:19.036-08:00: ", "2026-11-24T22:50:19.036-08:00", "")]
    [InlineData("2026-11-24T22:50:19.036+00:00:", "2026-11-24T22:50:19.036+00:00", "")]
    [InlineData("2026-11-24T22:50:19.036Z: hello", null, "2026-11-24T22:50:19.036Z: hello")]
    [InlineData("    at main (app.js:1)", null, "    at main (app.js:1)")]
    [InlineData("", null, "")]
    public void Pm2s_stamp_is_split_off(string line, string? stamp, string text)
    {
        var (timestamp, rest) = LogText.ReadPm2(Encoding.UTF8.GetBytes(line));

        Assert.Equal((stamp is null ? null : DateTimeOffset.Parse(stamp), text), (timestamp, rest));
    }

    [Theory]
    [InlineData(DockerStamp + "hello\r", true, "hello")]
    [InlineData(DockerStamp, true, "")]
    [InlineData("2026-11-24 hello", false, "2026-11-24 hello")]
    [InlineData("", false, "")]
    public void Dockers_stamp_is_split_off(string line, bool hasStamp, string text)
    {
        var (timestamp, rest) = LogText.ReadDocker(Encoding.UTF8.GetBytes(line));

        DateTimeOffset? expected = hasStamp ? new DateTimeOffset(2026, 11, 24, 22, 50, 19, TimeSpan.Zero).AddTicks(361234) : null;
        Assert.Equal((expected, text), (timestamp, rest));
    }

    [Fact]
    public void A_long_line_loses_the_stamps_between_dockers_pieces_even_within_a_character()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("é", LogText.DockerPiece)); // two bytes each, off by one
        var bytes = Encoding.UTF8.GetBytes(text);
        var stamp = Encoding.ASCII.GetBytes(DockerStamp);
        byte[] line = [.. bytes.Chunk(LogText.DockerPiece).SelectMany(piece => stamp.Concat(piece))];

        Assert.Equal(text, LogText.ReadDocker(line).Text);
    }

    [Fact]
    public void Lines_are_the_same_however_the_bytes_come_in() =>
        Gen.Select(Gen.OneOf(Gen.Const((byte)'\n'), Gen.Byte).Array[0, 60], Gen.Int[1, 9]).Sample((bytes, size) =>
        {
            var whole = Lines(new LineSplitter(), [bytes]);
            var parts = Lines(new LineSplitter(), bytes.Chunk(size));
            return whole.SequenceEqual(parts);
        });

    [Fact]
    public void Lines_joined_again_are_the_bytes_but_for_a_last_line_feed() =>
        Gen.OneOf(Gen.Const((byte)'\n'), Gen.Byte).Array[0, 60].Sample(bytes =>
        {
            var joined = string.Join('\n', Lines(new LineSplitter(), [bytes]));
            var original = Encoding.Latin1.GetString(bytes);
            return joined == (original.EndsWith('\n') ? original[..^1] : original);
        });

    [Fact]
    public void A_line_that_never_ends_is_cut() =>
        Assert.Equal(["abcd", "efgh", "ij"], Lines(new LineSplitter(longest: 4), ["abcdefghij"u8.ToArray()]));

    private static List<string> Lines(LineSplitter splitter, IEnumerable<byte[]> chunks)
    {
        var lines = chunks.SelectMany(chunk => splitter.Push(chunk)).ToList();
        if (splitter.TakeRest() is { } rest)
            lines.Add(rest);
        return [.. lines.Select(Encoding.Latin1.GetString)];
    }
}
