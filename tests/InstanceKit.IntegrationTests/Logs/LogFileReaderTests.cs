using System.Text;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Logs;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.IntegrationTests.Logs;

public sealed class LogFileReaderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("ik-").FullName;

    private string Log => Path.Combine(folder, "app.out.log");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Lines_carry_stamp_source_and_stream()
    {
        Write(Stamped(1, "one"), Stamped(2, "two"));

        var lines = await new LogFileReader(Log, "backend", true).ReadAsync(new LogQuery(), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(
            [
                new LogLine { Timestamp = Start.AddSeconds(1), Source = "backend", IsError = true, Text = "one" },
                new LogLine { Timestamp = Start.AddSeconds(2), Source = "backend", IsError = true, Text = "two" },
            ],
            lines);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "three")]
    [InlineData(2, "more,three")]
    [InlineData(4, "one,two,more,three")]
    [InlineData(99, "one,two,more,three")]
    [InlineData(null, "one,two,more,three")]
    public async Task The_last_lines_are_found(int? tail, string expected)
    {
        Write(Stamped(1, "one"), Stamped(2, "two"), "more\n", Stamped(3, "three"));

        Assert.Equal(expected, string.Join(',', await TextsAsync(new LogQuery { Tail = tail })));
    }

    [Fact]
    public async Task A_last_line_without_line_feed_counts()
    {
        Write(Stamped(1, "one"), Stamped(2, "two"), "open");

        Assert.Equal(["two", "open"], await TextsAsync(new LogQuery { Tail = 2 }));
    }

    [Fact]
    public async Task A_line_without_stamp_has_that_of_the_line_before_even_when_only_the_last_lines_are_read()
    {
        Write(Stamped(1, "error"), "  at a\n", "  at b\n", Stamped(5, "next"));

        var lines = await new LogFileReader(Log, "a", false).ReadAsync(new LogQuery { Tail = 2 }, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([Start.AddSeconds(1), Start.AddSeconds(5)], lines.Select(l => l.Timestamp));
    }

    [Fact]
    public async Task Lines_before_the_moment_are_left_out_with_what_belongs_to_them()
    {
        Write(Stamped(1, "old"), "  old too\n", Stamped(5, "new"), "  new too\n");

        Assert.Equal(["new", "  new too"], await TextsAsync(new LogQuery { Since = Start.AddSeconds(5) }));
    }

    [Fact]
    public async Task The_end_of_a_large_file_is_read_without_its_beginning()
    {
        await using (var file = new StreamWriter(Log))
        {
            for (var second = 0; second < 60_000; second++)
                await file.WriteAsync(Stamped(second, $"line {second} {new string('é', 20)}"));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var texts = await TextsAsync(new LogQuery { Tail = 1500 });
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.Equal(1500, texts.Count);
        Assert.StartsWith("line 58500 é", texts[0], StringComparison.Ordinal);
        Assert.True(allocated < new FileInfo(Log).Length / 2, $"{allocated} bytes were allocated");
    }

    [Fact]
    public async Task A_missing_file_has_no_lines() => Assert.Empty(await TextsAsync(new LogQuery()));

    [Fact]
    public async Task Following_goes_on_with_new_lines_and_waits_for_the_end_of_a_partial_one()
    {
        Write(Stamped(1, "one"), Stamped(2, "two"));
        await using var follow = Follow(new LogQuery { Follow = true, Tail = 1 });

        Assert.Equal("two", await follow.NextAsync());
        Write("2026-11-24T12:00:03.000+00:00: th");
        Write("ree\n", Stamped(4, "four"));
        Assert.Equal(["three", "four"], [await follow.NextAsync(), await follow.NextAsync()]);
    }

    [Fact]
    public async Task Following_waits_for_a_file_that_appears_later()
    {
        await using var follow = Follow(new LogQuery { Follow = true, Tail = 0 });
        var next = follow.NextAsync();
        Assert.False(next.IsCompleted);

        Write(Stamped(1, "one"));

        Assert.Equal("one", await next);
    }

    [Fact]
    public async Task Following_survives_that_the_file_is_emptied()
    {
        Write(Stamped(1, "a long first line"), Stamped(2, "two"));
        await using var follow = Follow(new LogQuery { Follow = true });
        Assert.Equal(["a long first line", "two"], [await follow.NextAsync(), await follow.NextAsync()]);

        using (var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(0);
        Write(Stamped(3, "3"));

        Assert.Equal("3", await follow.NextAsync());
    }

    [Fact]
    public async Task Following_survives_rotation_and_misses_no_line_of_the_old_file()
    {
        Write(Stamped(1, "one"));
        await using var follow = Follow(new LogQuery { Follow = true });
        Assert.Equal("one", await follow.NextAsync());

        await using var old = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        File.Move(Log, Log + ".1");
        await old.WriteAsync(Encoding.UTF8.GetBytes(Stamped(2, "two")), Cancellation);
        await old.FlushAsync(Cancellation);
        Assert.Equal("two", await follow.NextAsync());
        await old.WriteAsync("unfinished"u8.ToArray(), Cancellation);
        await old.FlushAsync(Cancellation);
        Write(Stamped(3, "three, in a file that is longer than the old one was"), Stamped(4, "four"));

        Assert.Equal("unfinished", await follow.NextAsync());
        Assert.Equal("three, in a file that is longer than the old one was", await follow.NextAsync());
        Assert.Equal("four", await follow.NextAsync());
    }

    [Fact]
    public async Task Following_survives_the_rotation_of_an_empty_file()
    {
        Write("");
        await using var follow = Follow(new LogQuery { Follow = true });
        var next = follow.NextAsync();
        Assert.False(next.IsCompleted);

        File.Move(Log, Log + ".1");
        Write(Stamped(1, "one"));

        Assert.Equal("one", await next);
    }

    [Fact]
    public async Task Cancelling_detaches_without_an_error()
    {
        using var cancel = new CancellationTokenSource();
        await using var lines = new LogFileReader(Log, "a", false)
            .ReadAsync(new LogQuery { Follow = true }, cancel.Token).GetAsyncEnumerator(Cancellation);
        var next = lines.MoveNextAsync();

        await cancel.CancelAsync();

        Assert.False(await next);
    }

    private FollowedLines Follow(LogQuery query) => new(new LogFileReader(Log, "a", false).ReadAsync(query, Cancellation));

    private async Task<List<string>> TextsAsync(LogQuery query)
    {
        var lines = await new LogFileReader(Log, "a", false).ReadAsync(query, Cancellation).ToListAsync(Cancellation);
        return [.. lines.Select(l => l.Text)];
    }

    private static string Stamped(int second, string text) =>
        $"{Start.AddSeconds(second):yyyy-MM-dd'T'HH:mm:ss.fffzzz}: {text}\n";

    private void Write(params string[] pieces) => File.AppendAllText(Log, string.Concat(pieces));
}
