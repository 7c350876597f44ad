using InstanceKit.Stacks;
using InstanceKit.Status;

namespace Rendering;

/// <summary>How much of an endpoint is shown.</summary>
internal enum EndpointForm
{
    /// <summary>All.</summary>
    Whole,

    /// <summary>All of what a browser opens, else host and port.</summary>
    Brief,

    /// <summary>The port.</summary>
    Port,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What of services and apps is shown, from all to little, so that it fits.</summary>
internal sealed record StatusLayout
{
    /// <summary>What is given up, in this order, until the rest fits.</summary>
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

    /// <summary>Whether the reason why something is not ready has a line of its own.</summary>
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
        columns.Add(new("NAME", c => c.Name));
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

    /// <summary>Why a service or app is not ready; empty when it is, and where its state says all.</summary>
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
