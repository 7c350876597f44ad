using System.Runtime.CompilerServices;
using System.Threading.Channels;
using InstanceKit.Logs;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Logs;

public sealed class LogMergerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_are_merged_by_time_and_keep_their_own_order()
    {
        var merged = LogMerger.MergeAsync(
            [Log("a", 1, 4, 4, 9), Log("b"), Log("c", 2, 4, 3, 10)], Cancellation);

        Assert.Equal(["a1", "c2", "a4", "a4", "c4", "c3", "a9", "c10"], await TextsAsync(merged));
    }

    [Fact]
    public async Task Nothing_merged_is_nothing() => Assert.Empty(await TextsAsync(LogMerger.MergeAsync([], Cancellation)));

    [Fact]
    public async Task Cancelling_a_merge_ends_it_without_an_error()
    {
        using var cancel = new CancellationTokenSource();
        var seen = new List<string>();
        await foreach (var line in LogMerger.MergeAsync([Log("a", 1, 2, 3)], cancel.Token))
        {
            seen.Add(line.Text);
            await cancel.CancelAsync();
        }

        Assert.Equal(["a1"], seen);
    }

    [Fact]
    public async Task Followed_logs_give_their_past_in_order_then_what_comes()
    {
        var live = Channel.CreateUnbounded<LogLine>();
        live.Writer.TryWrite(Line("live", 5));
        using var cancel = new CancellationTokenSource();
        await using var followed = LogMerger.FollowAsync(
            [live.Reader.ReadAllAsync(Cancellation), Log("a", 1, 9)], cancel.Token).GetAsyncEnumerator(Cancellation);

        Assert.Equal("a1", await NextAsync(followed));
        Assert.Equal("live5", await NextAsync(followed));
        Assert.Equal("a9", await NextAsync(followed));
        live.Writer.TryWrite(Line("live", 7));
        Assert.Equal("live7", await NextAsync(followed));
        await cancel.CancelAsync();
        Assert.False(await followed.MoveNextAsync());
    }

    [Fact]
    public async Task Following_ends_when_every_log_has_ended() =>
        Assert.Equal(["a1", "b2"], await TextsAsync(LogMerger.FollowAsync([Log("b", 2), Log("a", 1)], Cancellation)));

    [Fact]
    public async Task An_error_of_a_followed_log_is_not_swallowed() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => TextsAsync(LogMerger.FollowAsync([Broken(Cancellation)], Cancellation)));

    private static async Task<string> NextAsync(IAsyncEnumerator<LogLine> lines)
    {
        Assert.True(await lines.MoveNextAsync());
        return lines.Current.Text;
    }

    private static async Task<List<string>> TextsAsync(IAsyncEnumerable<LogLine> lines)
    {
        var texts = new List<string>();
        await foreach (var line in lines)
            texts.Add(line.Text);
        return texts;
    }

    private static async IAsyncEnumerable<LogLine> Log(string source, params int[] seconds)
    {
        foreach (var second in seconds)
        {
            await Task.Yield();
            yield return Line(source, second);
        }
    }

    private static async IAsyncEnumerable<LogLine> Broken([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        yield return Line("broken", 1);
        throw new InvalidOperationException("broken");
    }

    private static LogLine Line(string source, int second) => new()
    {
        Timestamp = Start.AddSeconds(second), Source = source, IsError = false, Text = $"{source}{second}",
    };
}
