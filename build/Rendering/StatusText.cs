using InstanceKit;
using InstanceKit.Status;

namespace Rendering;

/// <summary>Shows instances: a heading for each, and a table of what runs in it.</summary>
internal sealed class StatusText(SurfaceTraits traits, NextCommand next)
{
    /// <summary>The lines.</summary>
    /// <param name="statuses">The instances; none when all were asked for and none exists.</param>
    /// <param name="workspace">The workspace's path.</param>
    /// <param name="now">The present time.</param>
    public IEnumerable<InkLine> Draw(IReadOnlyList<InstanceStatus> statuses, string workspace, DateTimeOffset now)
    {
        if (statuses.Count == 0)
            yield return new InkLine((NothingText.Of(workspace, $"Start one: {next.For("Up", 1)}"), Ink.Plain));
        var table = new StatusTable([.. statuses.Where(Runs).SelectMany(s => s.Components)], traits, now);
        for (var i = 0; i < statuses.Count; i++)
        {
            if (i > 0)
                yield return new InkLine();
            yield return Head(statuses[i]);
            foreach (var line in Runs(statuses[i]) ? table.Draw(statuses[i].Components) : [])
                yield return line;
            if (!Runs(statuses[i]))
                yield return new InkLine(($"  Start it: {next.For("Up", statuses[i].Instance)}", Ink.Faint));
        }
    }

    private static bool Runs(InstanceStatus status) => status.Components.Any(c => c.State != ComponentStatus.Absent);

    /// <summary>The heading, without what would make it too long: the table says why something is not ready, too.</summary>
    private InkLine Head(InstanceStatus status)
    {
        InkLine? head = null;
        foreach (var (hasReason, hasUse, hasProject) in new[] { (true, true, true), (true, false, true), (false, true, true), (false, false, true), (false, false, false) })
        {
            head = Head(status, hasReason, hasUse, hasProject);
            if (head.Width <= traits.Width)
                break;
        }

        return head!;
    }

    private static InkLine Head(InstanceStatus status, bool hasReason, bool hasUse, bool hasProject)
    {
        var head = new InkLine(($"Instance {status.Instance}", Ink.Strong));
        if (hasProject)
            head.Add($"  {status.Project}", Ink.Faint);
        if (status.Branch is { } branch)
            head.Add("  ").Add(branch, Ink.Faint);
        head.Add("  ").Add(Describe(status, hasReason), Inks.Of(status.Readiness.State));
        if (hasUse && Runs(status) && status.Use is { } use)
            head.Add($"  {ResourceText.Cpu(status.CpuPercent)} CPU, {ResourceText.Bytes(use.Memory)}", Ink.Faint);
        return head;
    }

    private static string Describe(InstanceStatus status, bool hasReason) => status.Readiness switch
    {
        { State: ReadyState.Ready } => "ready",
        { State: ReadyState.Stopped } when !status.IsInitialized => "not initialized",
        { State: ReadyState.Stopped, Reason: "not running" } => "not running",
        var readiness => readiness.State.ToString().ToLowerInvariant() + (hasReason ? $": {readiness.Reason}" : ""),
    };
}
