using InstanceKit.Engine;

namespace InstanceKit.Starting;

/// <summary>When to observe an instance again: after an event of the engine, or by time.</summary>
internal static class ObservationTimer
{
    // No event reports that a process starts to listen, or that a check on demand would pass.
    private static readonly TimeSpan OfProcesses = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OfContainers = TimeSpan.FromSeconds(1);

    /// <summary>Waits until something may have changed.</summary>
    /// <param name="events">The engine's events; <see langword="null"/> where services are not containers.</param>
    /// <param name="blockers">What was not ready at the last observation.</param>
    /// <param name="other">Something else that is waited for; completed when there is nothing else.</param>
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
