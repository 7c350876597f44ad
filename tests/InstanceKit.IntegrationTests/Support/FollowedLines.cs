using InstanceKit.Logs;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>The lines of a log that a test waits for one by one, each with a hard deadline.</summary>
internal sealed class FollowedLines(IAsyncEnumerable<LogLine> lines) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly IAsyncEnumerator<LogLine> enumerator = lines.GetAsyncEnumerator(TestContext.Current.CancellationToken);
    private Task<bool>? pending;

    /// <summary>The stamp of the line that came last.</summary>
    public DateTimeOffset Timestamp => enumerator.Current.Timestamp;

    /// <summary>The next line's text.</summary>
    public async Task<string> NextAsync()
    {
        Assert.True(await MoveNextAsync(), "The log has ended.");
        return enumerator.Current.Text;
    }

    /// <summary>Waits until the log has ended; fails when another line comes.</summary>
    public async Task EndAsync() => Assert.False(await MoveNextAsync(), "There is another line.");

    /// <summary>Ends the reading.</summary>
    public async ValueTask DisposeAsync()
    {
        if (pending is null or { IsCompleted: true })
            await enumerator.DisposeAsync();
    }

    private async Task<bool> MoveNextAsync()
    {
        pending = enumerator.MoveNextAsync().AsTask();
        return await pending.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }
}
