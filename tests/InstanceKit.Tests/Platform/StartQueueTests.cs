using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class StartQueueTests
{
    private readonly List<string> _begun = [];

    [Fact]
    public async Task Only_so_many_start_at_once_and_the_weightiest_that_waits_goes_next()
    {
        var queue = new StartQueue(2);
        var (one, two) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<bool>());
        List<Task> all = [Run(queue, "one", 0, one.Task), Run(queue, "two", 0, two.Task)];
        all.AddRange([Run(queue, "light", 1), Run(queue, "heavy", 3), Run(queue, "medium", 2), Run(queue, "heavy too", 3)]);
        Assert.Equal(["one", "two"], _begun);

        one.SetResult(true);
        await Task.WhenAll(all[2..]);
        two.SetResult(true);
        await Task.WhenAll(all);

        Assert.Equal(["one", "two", "heavy", "heavy too", "medium", "light"], _begun);
    }

    [Fact]
    public async Task One_that_is_cancelled_or_fails_leaves_its_turn_to_the_next()
    {
        using var cancelled = new CancellationTokenSource();
        var queue = new StartQueue(1);
        var ends = new TaskCompletionSource<bool>();
        var failing = Run(queue, "failing", 0, ends.Task);
        var waiting = queue.RunAsync(9, () => Begin("cancelled"), cancelled.Token);
        var next = Run(queue, "next", 1);

        await cancelled.CancelAsync();
        ends.SetException(new IOException());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<IOException>(() => failing);
        await next;
        await Run(queue, "later", 0);
        Assert.Equal(["failing", "next", "later"], _begun);
    }

    private Task<bool> Run(StartQueue queue, string name, int weight, Task<bool>? until = null) =>
        queue.RunAsync(weight, () => Begin(name, until), TestContext.Current.CancellationToken);

    private Task<bool> Begin(string name, Task<bool>? until = null)
    {
        _begun.Add(name);
        return until ?? Task.FromResult(true);
    }
}
