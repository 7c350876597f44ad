using InstanceKit.Drivers;

namespace InstanceKit.Lifecycle;

/// <summary>When those who wait for an instance look at it again: when the engine says that something happened, or by time.</summary>
internal static class NextLook
{
    // Nobody tells when a process begins to listen, or when a check that is run on the spot would pass.
    private static readonly TimeSpan OfProcesses = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OfContainers = TimeSpan.FromSeconds(1);

    /// <summary>Waits until something may have changed.</summary>
    /// <param name="events">What the engine says; <see langword="null"/> where services are no containers.</param>
    /// <param name="blockers">What was waited for at the last look.</param>
    /// <param name="other">Something else that is waited for; completed when there is nothing else.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task WaitAsync(EngineEvents? events, Blockers blockers, Task other, CancellationToken cancellation)
    {
        var isQuiet = events is not null && !blockers.IsChecking && blockers.Apps.All(a => a.Readiness.IsReady);
        var limit = isQuiet ? OfContainers : OfProcesses;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var something = events is null ? Task.Delay(limit, over.Token) : events.WaitAsync(limit, over.Token);
        if (other.IsCompleted)
            await Task.WhenAny(something);
        else
            await Task.WhenAny(something, other);
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
