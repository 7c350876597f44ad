using System.Runtime.CompilerServices;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Observing;
using InstanceKit.Platform;

namespace InstanceKit;

/// <summary>Watching instances.</summary>
public sealed partial class InstanceManager
{
    // No event reports that a process starts to listen, or resource usage.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // Events come in bursts when something starts, and usage over a shorter time is meaningless.
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The status of instances, each second and immediately after an event of the engine. From
    /// the second status on, CPU usage is current.
    /// </summary>
    /// <param name="selector">The instances; with <c>all</c>, those that exist at each update.</param>
    /// <param name="withCrossTalk">Whether to look for connections with other instances.</param>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyList<InstanceStatus>> WatchAsync(
        InstanceSelector selector, [EnumeratorCancellation] CancellationToken cancellation, bool withCrossTalk = false)
    {
        var specs = await ChooseAsync(selector, mayTake: false, cancellation);
        using var events = await ListenAsync(specs, cancellation);
        var before = await StatusAsync(specs, Measure.All, cancellation, isPartial: true, withCrossTalk);
        var at = _clock.GetTimestamp();
        yield return before;
        while (true)
        {
            await WaitAsync(events, cancellation);
            if (selector.IsAll)
                specs = Select(selector);
            var now = await StatusAsync(specs, Measure.All, cancellation, isPartial: true, withCrossTalk);
            var between = _clock.GetElapsedTime(at);
            yield return Compare(before, now, between);
            if (between < LookEvery / 2)
                continue;
            (before, at) = (now, _clock.GetTimestamp());
        }
    }

    /// <summary>The current resource usage of instances, from two samples that are a second apart.</summary>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    public async Task<IReadOnlyList<InstanceStatus>> StatsAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation)
    {
        var before = await StatusAsync(specs, Measure.All, cancellation);
        var at = _clock.GetTimestamp();
        await Task.Delay(LookEvery, _clock, cancellation);
        var now = await StatusAsync(specs, Measure.All, cancellation);
        return Compare(before, now, _clock.GetElapsedTime(at));
    }

    private static List<InstanceStatus> Compare(
        IReadOnlyList<InstanceStatus> before, IReadOnlyList<InstanceStatus> now, TimeSpan between) =>
        [.. now.Select(n => before.FirstOrDefault(b => b.Instance == n.Instance) is { } b ? n.Since(b, between) : n)];

    private async Task WaitAsync(EngineEvents? events, CancellationToken cancellation)
    {
        await Task.Delay(LookPause, _clock, cancellation);
        if (events is null)
            await Task.Delay(LookEvery - LookPause, _clock, cancellation);
        else
            await events.WaitAsync(LookEvery - LookPause, cancellation);
    }

    /// <summary>The events of the instances' containers; <see langword="null"/> where none runs in containers.</summary>
    private async Task<EngineEvents?> ListenAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation)
    {
        try
        {
            foreach (var spec in specs)
            {
                if (!await _infra.IsEmbeddedAsync(spec, cancellation))
                    return specs.Count == 1 ? _engine.Value.Listen(spec.Project) : _engine.Value.ListenToInstances();
            }
        }
        catch (InstanceKitException)
        {
            // Each status reports the problem; without events, poll.
        }

        return null;
    }
}
