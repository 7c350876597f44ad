using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Stacks;

namespace Output;

/// <summary>Shows instances: a heading for each, and a table of what runs in it.</summary>
internal sealed class StatusText(SurfaceTraits traits, NextCommand next)
{
    /// <summary>The lines.</summary>
    /// <param name="statuses">The instances; empty when all were requested and none exists.</param>
    /// <param name="workspace">The workspace's path.</param>
    public IEnumerable<InkLine> Draw(IReadOnlyList<InstanceStatus> statuses, string workspace, DateTimeOffset now)
    {
        if (statuses.Count == 0)
            yield return new InkLine((NoInstancesText.Of(workspace, $"Start one: {next.For("Up", 1)}"), Ink.Plain));
        var table = new StatusTable([.. statuses.Where(Runs).SelectMany(s => s.Components)], traits, now);
        for (var i = 0; i < statuses.Count; i++)
        {
            if (i > 0)
                yield return new InkLine();
            yield return Head(statuses[i]);
            foreach (var line in Runs(statuses[i]) ? table.Draw(statuses[i].Components) : [])
                yield return line;
            if (statuses[i].Untranslated is > 0 and var open)
            {
                foreach (var text in WrappedText.Of($"! {next.ForUntranslated(open, statuses[i].Instance)}", traits.Width - 2))
                    yield return new InkLine().PadTo(2).Add(text, Ink.Caution);
            }

            if (!Runs(statuses[i]) || statuses[i].Readiness.State == ReadyState.Stopped)
                yield return new InkLine(($"  Start it: {next.For("Up", statuses[i].Instance)}", Ink.Faint));
        }
    }

    private static bool Runs(InstanceStatus status) => status.Components.Any(c => c.State != ComponentStatus.Absent);

    /// <summary>The heading, truncated to fit: the table also shows why something is not ready.</summary>
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
        var head = new InkLine((StackDefinition.TitleOf(status.Instance, status.Project), Ink.Strong));
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

/// <summary>
/// The services and apps of instances as tables with the same columns, which fit a width: the least important is omitted
/// first.
/// </summary>
internal sealed class StatusTable
{
    private const string Elbow = "↳ ";

    private readonly SurfaceTraits _traits;
    private readonly StatusLayout _layout;
    private readonly TextTable<ComponentStatus> _table;

    /// <param name="components">All services and apps that will be shown.</param>
    /// <param name="traits">The surface.</param>
    public StatusTable(IReadOnlyCollection<ComponentStatus> components, SurfaceTraits traits, DateTimeOffset now)
    {
        _traits = traits;
        var separator = traits.IsUnbounded ? ", " : "\n";
        _layout = StatusLayout.Choose(layout => Create(layout).Width <= traits.Width);
        _table = Create(_layout);

        TextTable<ComponentStatus> Create(StatusLayout layout) => new(layout.Columns(components, now, separator), components, traits.Width);
    }

    /// <summary>The heading and a row for each.</summary>
    public IEnumerable<InkLine> Draw(IEnumerable<ComponentStatus> components)
    {
        yield return _table.Head();
        foreach (var component in components)
        {
            foreach (var line in _table.Draw(component, MarkOf(component.Readiness.State), Inks.Of(component.Readiness.State)))
                yield return line;
            foreach (var reason in Beneath(component))
                yield return reason;
        }
    }

    /// <summary>One column that shows at a glance whether something is usable.</summary>
    private static string MarkOf(ReadyState state) => state switch
    {
        ReadyState.Ready => "✔",
        ReadyState.Waiting => "…",
        ReadyState.Failed => "✘",
        _ => "-",
    };

    private IEnumerable<InkLine> Beneath(ComponentStatus component)
    {
        if (!_layout.IsReasonBeneath || StatusLayout.ReasonOf(component) is not { Length: > 0 } reason)
            yield break;
        const int start = 2 * TextTable<ComponentStatus>.Gap;
        var lead = Elbow;
        foreach (var text in WrappedText.Of(reason, _traits.Width - start - Elbow.Length))
        {
            yield return new InkLine().PadTo(start).Add(lead.PadRight(Elbow.Length), Ink.Faint).Add(text, Inks.Of(component.Readiness.State));
            lead = "";
        }
    }
}

/// <summary>Wraps text between words; a word that is too long for a line gets its own line.</summary>
internal static class WrappedText
{
    /// <summary>The lines.</summary>
    /// <param name="width">How many columns a line may have.</param>
    public static IReadOnlyList<string> Of(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}

/// <summary>How much of an endpoint is shown.</summary>
internal enum EndpointForm
{
    /// <summary>All.</summary>
    Whole,

    /// <summary>The whole web address, else host and port.</summary>
    Brief,

    /// <summary>The port.</summary>
    Port,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What of services and apps is shown, from all to little, so that it fits.</summary>
internal sealed record StatusLayout
{
    /// <summary>What is omitted, in this order, until the rest fits.</summary>
    private static readonly Func<StatusLayout, StatusLayout>[] s_steps =
    [
        l => l with { HasKind = false },
        l => l with { HasIdleRestarts = false },
        l => l with { IsReasonBeneath = true },
        l => l with { HasHealth = false },
        l => l with { Endpoint = EndpointForm.Brief },
        l => l with { HasUptime = false },
        l => l with { Endpoint = EndpointForm.Port },
        l => l with { HasCpu = false },
        l => l with { HasRestarts = false },
        l => l with { Endpoint = EndpointForm.None },
        l => l with { HasMemory = false },
        l => l with { HasState = false },
    ];

    public bool HasKind { get; init; } = true;

    public bool HasState { get; init; } = true;

    public bool HasHealth { get; init; } = true;

    public EndpointForm Endpoint { get; init; }

    public bool HasCpu { get; init; } = true;

    public bool HasMemory { get; init; } = true;

    public bool HasUptime { get; init; } = true;

    public bool HasRestarts { get; init; } = true;

    /// <summary>Whether restarts are shown although there were none.</summary>
    public bool HasIdleRestarts { get; init; } = true;

    /// <summary>Whether the reason why something is not ready has its own line.</summary>
    public bool IsReasonBeneath { get; init; }

    /// <summary>The first layout whose columns fit.</summary>
    /// <param name="fits">Whether a layout fits.</param>
    public static StatusLayout Choose(Func<StatusLayout, bool> fits)
    {
        var layout = new StatusLayout();
        foreach (var step in s_steps)
        {
            if (fits(layout))
                break;
            layout = step(layout);
        }

        return layout;
    }

    /// <summary>The columns for some services and apps.</summary>
    public IReadOnlyList<TextColumn<ComponentStatus>> Columns(IReadOnlyCollection<ComponentStatus> components, DateTimeOffset now, string separator)
    {
        var columns = new List<TextColumn<ComponentStatus>>();
        if (HasKind)
            columns.Add(new("KIND", c => c.Kind == OwnerKind.App ? "app" : "service") { Ink = _ => Ink.Faint });
        columns.Add(new("NAME", c => c.IsShared ? $"{c.Name} (shared)" : c.Name));
        if (HasState)
            columns.Add(new("STATE", c => c.State) { Ink = c => c.State == ComponentStatus.Absent ? Ink.Faint : Ink.Plain });
        if (HasHealth)
            columns.Add(new("HEALTH", c => c.Health ?? "-") { Ink = c => c.Health is null ? Ink.Faint : Ink.Plain });
        if (Endpoint != EndpointForm.None)
            columns.Add(new("ENDPOINT", c => string.Join(separator, c.Ports.Select(p => Shorten(p.Endpoint)))));
        if (HasCpu)
            columns.Add(TextColumn<ComponentStatus>.Number("CPU", c => ResourceText.Cpu(c.CpuPercent)));
        if (HasMemory)
            columns.Add(TextColumn<ComponentStatus>.Number("MEMORY", c => ResourceText.Bytes(c.Use?.Memory)));
        if (HasUptime)
            columns.Add(TextColumn<ComponentStatus>.Number("UPTIME", c => c.StartedAt is { } start ? DurationText.Age(now - start) : ResourceText.Unknown));
        if (HasRestarts && (HasIdleRestarts || components.Any(c => c.Restarts > 0)))
            columns.Add(new("RESTARTS", c => $"{c.Restarts}") { Ink = c => c.Restarts > 0 ? Ink.Caution : Ink.Faint, IsRight = true });
        if (!IsReasonBeneath && components.Any(c => ReasonOf(c).Length > 0))
            columns.Add(new("REASON", ReasonOf) { Ink = c => Inks.Of(c.Readiness.State) });
        return columns;
    }

    /// <summary>Why a service or app is not ready; empty when it is, or when its state is sufficient.</summary>
    public static string ReasonOf(ComponentStatus component) =>
        component.Readiness.IsReady || component.State == ComponentStatus.Absent ? "" : component.Readiness.Reason;

    private string Shorten(string endpoint)
    {
        var authority = endpoint[(endpoint.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];
        return Endpoint switch
        {
            EndpointForm.Brief => endpoint.StartsWith("http", StringComparison.Ordinal) ? endpoint : authority,
            EndpointForm.Port => authority[Math.Max(0, authority.LastIndexOf(':'))..],
            _ => endpoint,
        };
    }
}

/// <summary>The message for no instances.</summary>
internal static class NoInstancesText
{
    /// <summary>The sentence, followed by its consequence.</summary>
    public static string Of(string workspace, string consequence) => $"There are no instances in {workspace}. {consequence}";
}
