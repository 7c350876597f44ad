using System.Diagnostics;
using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Pm2;

namespace InstanceKit.Observing;

/// <summary>
/// Observes processes for all instances that wait at the same time: one observation serves all requests made before it starts.
/// A daemon gets one request at a time, and a pause as long as its last answer took.
/// </summary>
/// <param name="list">Asks the daemon of an instance.</param>
internal sealed class SharedSnapshots(Func<InstanceSpec, CancellationToken, Task<IReadOnlyList<Pm2Process>>> list) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<ProcessSnapshot>> _next = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>An observation that starts after this call.</summary>
    /// <param name="spec">The instance, whose daemon is asked.</param>
    /// <param name="cancellation">Ends this wait, not those of others.</param>
    /// <exception cref="InstanceKitException">PM2 gave no list.</exception>
    public Task<ProcessSnapshot> NextAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var home = Pm2Access.HomeOf(spec).Path;
        lock (_gate)
        {
            if (!_next.TryGetValue(home, out var look))
                _next[home] = look = TakeAsync(home, spec);
            return look.WaitAsync(cancellation);
        }
    }

    private async Task<ProcessSnapshot> TakeAsync(string home, InstanceSpec spec)
    {
        await Task.Yield(); // not under the lock
        await _turn.WaitAsync();
        var begun = Stopwatch.GetTimestamp();
        try
        {
            lock (_gate)
                _next.Remove(home); // later requests must not get an earlier observation
            return new ProcessSnapshot(await list(spec, CancellationToken.None));
        }
        finally
        {
            _ = RestAsync(Stopwatch.GetElapsedTime(begun));
        }
    }

    private async Task RestAsync(TimeSpan time)
    {
        await Task.Delay(time);
        _turn.Release();
    }
}
