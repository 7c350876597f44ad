using System.Diagnostics;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>
/// Looks at processes for all instances that wait for theirs at the same time: one look serves all who ask before it begins.
/// However many they are, a daemon is asked by one at a time, and rests as long as its answer has taken.
/// </summary>
internal sealed class SharedLooks(Pm2Access pm2) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<ProcessLook>> _next = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>A look that begins after this call.</summary>
    /// <param name="spec">The instance, whose daemon is asked.</param>
    /// <param name="cancellation">Ends the wait for it; others may go on waiting.</param>
    /// <exception cref="InstanceKitException">PM2 gave no list.</exception>
    public Task<ProcessLook> NextAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var home = Pm2Access.HomeOf(spec).Path;
        lock (_gate)
        {
            if (!_next.TryGetValue(home, out var look))
                _next[home] = look = TakeAsync(home, spec);
            return look.WaitAsync(cancellation);
        }
    }

    private async Task<ProcessLook> TakeAsync(string home, InstanceSpec spec)
    {
        await Task.Yield(); // not under the lock
        await _turn.WaitAsync();
        var begun = Stopwatch.GetTimestamp();
        try
        {
            lock (_gate)
                _next.Remove(home); // who asks from now on must not get what was asked before
            return new ProcessLook(await pm2.ListAsync(spec, CancellationToken.None));
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
