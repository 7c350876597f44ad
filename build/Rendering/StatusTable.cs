using InstanceKit.Status;

namespace Rendering;

/// <summary>
/// The services and apps of instances as tables of the same columns, which fit a width: what says least is left out
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
    /// <param name="now">The present time.</param>
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

    /// <summary>One column that says at a glance whether something can be used.</summary>
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
