using InstanceKit;
using InstanceKit.Status;
using Requests;

namespace Rendering;

/// <summary>Shows instances: a heading for each, and a table of what runs in it.</summary>
internal sealed class StatusText(Surface surface, NextCommand next)
{
    /// <summary>Writes the instances.</summary>
    /// <param name="statuses">The instances; none when all were asked for and none exists.</param>
    /// <param name="workspace">The workspace's path.</param>
    /// <param name="now">The present time.</param>
    public void Write(IReadOnlyList<InstanceStatus> statuses, string workspace, DateTimeOffset now)
    {
        if (statuses.Count == 0)
            surface.WriteLine(NothingText.Of(workspace, $"Start one: {next.For("Up", 1)}"));
        foreach (var (status, i) in statuses.Select((s, i) => (s, i)))
        {
            if (i > 0)
                surface.WriteLine("");
            Write(status, now);
        }
    }

    private void Write(InstanceStatus status, DateTimeOffset now)
    {
        surface.WriteLine(
            ($"Instance {status.Instance}", Palette.Strong),
            ($"  {status.Project}  ", Palette.Faint),
            (Describe(status), Palette.Of(status.Readiness.State)));
        if (status.Components.All(c => c.State == ComponentStatus.Absent))
        {
            surface.WriteLine($"  Start it: {next.For("Up", status.Instance)}", Palette.Faint);
            return;
        }

        new StatusTable(status, surface, now).Write();
    }

    private static string Describe(InstanceStatus status) => status.Readiness switch
    {
        { State: ReadyState.Ready } => "ready",
        { State: ReadyState.Stopped } when !status.IsInitialized => "not initialized",
        { State: ReadyState.Stopped, Reason: "not running" } => "not running",
        var readiness => $"{readiness.State.ToString().ToLowerInvariant()}: {readiness.Reason}",
    };
}
