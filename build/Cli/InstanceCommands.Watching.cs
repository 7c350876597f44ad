using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Platform;
using Output;

namespace Cli;

/// <summary>The commands on status and resource usage, once or repeatedly.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Status</c>.</summary>
    public Task<int> StatusAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        if (words.Watch)
            return await WatchStatusAsync(request, manager, cancellation);
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        var statuses = await manager.StatusAsync(specs, Measure.AtHand, cancellation, isPartial: true, withCrossTalk: output.IsJson);
        var now = output.Time.GetUtcNow();
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, StatusDocument.Of(manager.Workspace, statuses, now));
        else
            output.Data.Write(new StatusText(output.Data.Traits, request.Next).Draw(statuses, manager.Workspace, now));
        var failures = statuses.SelectMany(s => s.Failures).DistinctBy(f => f.Message).ToList();
        foreach (var failure in failures)
            new ErrorText(output).Write(failure);
        return failures.Count > 0 ? failures[0].ExitCode : words.RequireReady ? ReadyRule.ExitCodeOf(statuses) : ExitCode.Ok;
    }, looksFirst: !words.Watch, cancellation: cancellation);

    /// <summary><c>Stats</c>.</summary>
    public Task<int> StatsAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var stats = (SurfaceTraits traits, IReadOnlyList<InstanceStatus> statuses) =>
            new StatsText(traits, request.Next).Draw(statuses, manager.Workspace);
        var document = (IReadOnlyList<InstanceStatus> statuses) => StatsDocument.Of(manager.Workspace, statuses, output.Time.GetUtcNow());
        if (words.Watch)
        {
            var looks = manager.WatchAsync(request.Instances.Selector, cancellation);
            return await WatchAsync(looks, stats, s => JsonOutput.ToLine(document(s)), _ => null, cancellation);
        }

        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        var statuses = await manager.StatsAsync(specs, cancellation);
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, document(statuses));
        else
            output.Data.Write(stats(output.Data.Traits, statuses));
        return ExitCode.Ok;
    }, cancellation: cancellation);

    /// <summary><c>Verify</c>; watching ends with exit code 5 if any look has found cross-talk.</summary>
    public Task<int> VerifyAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var text = (SurfaceTraits traits, IReadOnlyList<InstanceConnections> looks) =>
            new ConnectionsText(traits, request.Next).Draw(looks, manager.Workspace);
        var document = (IReadOnlyList<InstanceConnections> looks) => ConnectionsDocument.Of(manager.Workspace, looks, output.Time.GetUtcNow());
        if (words.Watch)
        {
            var worst = ExitCode.Ok;
            await WatchAsync(ObserveAsync(), text, l => JsonOutput.ToLine(document(l)), ConnectionsChange.Of, cancellation);
            return worst;

            async IAsyncEnumerable<IReadOnlyList<InstanceConnections>> ObserveAsync()
            {
                await foreach (var looks in manager.WatchConnectionsAsync(request.Instances.Selector, cancellation))
                {
                    worst = worst == ExitCode.Ok ? CrossTalkRule.ExitCodeOf(looks) : worst;
                    yield return looks;
                }
            }
        }

        var looks = await manager.ConnectionsAsync(await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation), cancellation);
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, document(looks));
        else
            output.Data.Write(text(output.Data.Traits, looks));
        return CrossTalkRule.ExitCodeOf(looks);
    }, cancellation: cancellation);

    private Task<ExitCode> WatchStatusAsync(InstanceRequest request, InstanceManager manager, CancellationToken cancellation)
    {
        if (words.RequireReady)
        {
            throw InstanceKitException.Usage(
                "--watch runs until Ctrl-C, and --require-ready checks once.",
                $"Use one of them, or wait: {request.Next.For("Wait", 1)}");
        }

        return WatchAsync(
            manager.WatchAsync(request.Instances.Selector, cancellation, withCrossTalk: output.IsJson),
            (traits, s) => new StatusText(traits, request.Next).Draw(s, manager.Workspace, output.Time.GetUtcNow())
                .Concat(s.SelectMany(i => i.Failures).Select(f => f.Message).Distinct().Select(m => new InkLine((m, Ink.Bad)))),
            s => JsonOutput.ToLine(StatusDocument.Of(manager.Workspace, s, output.Time.GetUtcNow())),
            StatusChange.Of, cancellation);
    }

    /// <summary>
    /// Shows instances until Ctrl-C, which is the usual end, not a failure: redrawn in place on a terminal; elsewhere a
    /// block for each change, and with <c>--json</c> a line.
    /// </summary>
    private async Task<ExitCode> WatchAsync<T>(
        IAsyncEnumerable<IReadOnlyList<T>> looks,
        Func<SurfaceTraits, IReadOnlyList<T>, IEnumerable<InkLine>> draw,
        Func<IReadOnlyList<T>, string> toLine,
        Func<IReadOnlyList<T>, string?> keyOf,
        CancellationToken cancellation)
    {
        try
        {
            if (output.Data.Traits.IsLive && !output.IsJson)
                await LiveView.ShowAsync(looks, draw, output.Data, output.Time, cancellation);
            else
                await WriteChangesAsync(looks, draw, toLine, keyOf, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C.
        }

        return ExitCode.Ok;
    }

    private async Task WriteChangesAsync<T>(
        IAsyncEnumerable<IReadOnlyList<T>> looks,
        Func<SurfaceTraits, IReadOnlyList<T>, IEnumerable<InkLine>> draw,
        Func<IReadOnlyList<T>, string> toLine,
        Func<IReadOnlyList<T>, string?> keyOf,
        CancellationToken cancellation)
    {
        string? last = null;
        var count = 0;
        await foreach (var look in looks.WithCancellation(cancellation))
        {
            if (output.IsAbandoned())
                break;
            var key = keyOf(look);
            if (count > 0 && key is not null && key == last)
                continue;
            last = key;
            if (output.IsJson)
            {
                output.Data.Writer.WriteLine(toLine(look));
            }
            else
            {
                if (count > 0)
                    output.Data.Writer.WriteLine();
                output.Data.Writer.WriteLine($"{output.Time.GetLocalNow():HH:mm:ss}");
                output.Data.Write(draw(output.Data.Traits, look));
            }

            count++;
            output.Data.Writer.Flush();
        }
    }
}

/// <summary>Whether what was requested is usable.</summary>
internal static class ReadyRule
{
    /// <summary>The exit code of <c>--require-ready</c>; no instance at all is none that is ready.</summary>
    public static ExitCode ExitCodeOf(IReadOnlyList<InstanceStatus> statuses) =>
        statuses.Count > 0 && statuses.All(s => s.Readiness.IsReady) ? ExitCode.Ok : ExitCode.NotReady;
}

/// <summary>Compares two statuses without transient values: time, CPU time, memory.</summary>
internal static class StatusChange
{
    /// <summary>A text that is equal for two statuses without a change.</summary>
    public static string Of(IReadOnlyList<InstanceStatus> statuses) => string.Join('\n', statuses.Select(s =>
        $"{s.Instance} {s.Branch} {s.IsInitialized} {s.Readiness} {string.Join(' ', (s.CrossTalk ?? []).Select(c => $"{c.Client.Describe()} {c.Server.Describe()}"))}\n" + string.Join('\n', s.Components.Select(c =>
            $"{c.Kind} {c.Name} {c.RuntimeName} {c.State} {c.Health} {c.Pid} {c.Readiness} {c.StartedAt:O} {c.Restarts}"))));
}
