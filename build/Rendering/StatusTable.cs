using InstanceKit.Status;

namespace Rendering;

/// <summary>
/// The services and apps of instances as tables of the same columns, which fit a width: what says least is left out
/// first.
/// </summary>
internal sealed class StatusTable
{
    private const int Indent = 2;
    private const int Gap = 2;
    private const int NarrowestName = 8;
    private const string Elbow = "↳ ";

    private readonly SurfaceTraits _traits;
    private readonly StatusLayout _layout;
    private readonly IReadOnlyList<(StatusColumn Column, int Width)> _columns;

    /// <param name="components">All services and apps that will be shown.</param>
    /// <param name="traits">The surface.</param>
    /// <param name="now">The present time.</param>
    public StatusTable(IReadOnlyCollection<ComponentStatus> components, SurfaceTraits traits, DateTimeOffset now)
    {
        _traits = traits;
        var separator = traits.IsUnbounded ? ", " : "\n";
        _layout = StatusLayout.Choose(layout => Total(Measure(layout)) <= traits.Width);
        _columns = Measure(_layout);
        if (Total(_columns) > traits.Width)
            _columns = [.. _columns.Select(c => c.Column.Header == "NAME" ? (c.Column, CutName(c.Width)) : c)];

        IReadOnlyList<(StatusColumn Column, int Width)> Measure(StatusLayout layout) =>
            [.. layout.Columns(components, now, separator).Select(c => (c, c.WidthIn(components)))];

        int CutName(int width) => Math.Max(NarrowestName, width - (Total(_columns) - traits.Width));
    }

    /// <summary>The heading and a row for each.</summary>
    public IEnumerable<InkLine> Draw(IEnumerable<ComponentStatus> components)
    {
        yield return Row("", Ink.Plain, c => c.Header, _ => Ink.Faint);
        foreach (var component in components)
        {
            var height = 1;
            foreach (var (column, _) in _columns)
                height = Math.Max(height, column.Text(component).Count('\n') + 1);
            for (var i = 0; i < height; i++)
            {
                var line = i;
                yield return Row(
                    i == 0 ? MarkOf(component.Readiness.State) : "", Inks.Of(component.Readiness.State),
                    c => c.Text(component).Split('\n') is var lines && line < lines.Length ? lines[line] : "", c => c.Ink(component));
            }

            foreach (var reason in Beneath(component))
                yield return reason;
        }
    }

    /// <summary>One column that says at a glance whether something can be used.</summary>
    public static string MarkOf(ReadyState state) => state switch
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
        var start = Indent + Gap + Elbow.Length;
        var lead = Elbow;
        foreach (var text in WrappedText.Of(reason, _traits.Width - start))
        {
            yield return new InkLine().PadTo(Indent + Gap).Add(lead.PadRight(Elbow.Length), Ink.Faint).Add(text, Inks.Of(component.Readiness.State));
            lead = "";
        }
    }

    private InkLine Row(string mark, Ink markInk, Func<StatusColumn, string> text, Func<StatusColumn, Ink> ink)
    {
        var line = new InkLine().PadTo(Indent).Add(mark, markInk);
        var start = Indent + 2;
        foreach (var (column, width) in _columns)
        {
            var cell = text(column);
            if (cell.Length > width)
                cell = cell[..(width - 1)] + "…";

            // Padded only before something, so that no line ends in blanks.
            if (cell.Length > 0)
                line.PadTo(column.IsRight ? start + width - cell.Length : start).Add(cell, ink(column));
            start += width + Gap;
        }

        return line;
    }

    private static int Total(IReadOnlyList<(StatusColumn Column, int Width)> columns) =>
        Indent + 2 + (Gap * (columns.Count - 1)) + columns.Sum(c => c.Width);
}
