using System.Runtime.CompilerServices;
using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Looking at instances again and again.</summary>
public sealed partial class InstanceManager
{
    // Nobody tells of a process that begins to listen, or of what is used.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // Several things happen at once when something starts, and use over a shorter time says nothing.
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What runs of instances, again and again: each second, and at once when the engine says that something happened. From
    /// the second look on, processor time is the present one.
    /// </summary>
    /// <param name="selector">The instances; with <c>all</c> those that exist at each look.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyList<InstanceStatus>> WatchAsync(
        InstanceSelector selector, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var specs = await ChooseAsync(selector, mayTake: false, cancellation);
        using var events = await ListenAsync(specs, cancellation);
        var before = await StatusAsync(specs, Measure.All, cancellation, isPartial: true);
        var at = _context.Clock.GetTimestamp();
        yield return before;
        while (true)
        {
            await WaitAsync(events, cancellation);
            if (selector.IsAll)
                specs = Select(selector);
            var now = await StatusAsync(specs, Measure.All, cancellation, isPartial: true);
            var between = _context.Clock.GetElapsedTime(at);
            yield return Compare(before, now, between);
            if (between < LookEvery / 2)
                continue;
            (before, at) = (now, _context.Clock.GetTimestamp());
        }
    }

    /// <summary>What instances use at present, from two looks that are a second apart.</summary>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    public async Task<IReadOnlyList<InstanceStatus>> StatsAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation)
    {
        var before = await StatusAsync(specs, Measure.All, cancellation);
        var at = _context.Clock.GetTimestamp();
        await Task.Delay(LookEvery, _context.Clock, cancellation);
        var now = await StatusAsync(specs, Measure.All, cancellation);
        return Compare(before, now, _context.Clock.GetElapsedTime(at));
    }

    private static List<InstanceStatus> Compare(
        IReadOnlyList<InstanceStatus> before, IReadOnlyList<InstanceStatus> now, TimeSpan between) =>
        [.. now.Select(n => before.FirstOrDefault(b => b.Instance == n.Instance) is { } b ? n.Since(b, between) : n)];

    private async Task WaitAsync(EngineEvents? events, CancellationToken cancellation)
    {
        await Task.Delay(LookPause, _context.Clock, cancellation);
        if (events is null)
            await Task.Delay(LookEvery - LookPause, _context.Clock, cancellation);
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
                if (!await _context.Infra.IsEmbeddedAsync(spec, cancellation))
                    return specs.Count == 1 ? _context.Docker.Listen(spec.Project) : _context.Docker.ListenToInstances();
            }
        }
        catch (InstanceKitException)
        {
            // Each look says what is the matter; time alone tells when to look.
        }

        return null;
    }
}
