using InstanceKit.Status;
using Spectre.Console;

namespace Rendering;

/// <summary>The services and apps of an instance as a table that fits its surface.</summary>
internal sealed class StatusTable(InstanceStatus status, Surface surface, DateTimeOffset now)
{
    private const int Indent = 2;
    private const int Gap = 2;

    private readonly IReadOnlyList<StatusColumn> _all =
    [
        new("KIND", c => c.Kind.ToString().ToLowerInvariant()),
        new("NAME", c => c.Name),
        new("STATE", c => c.State, c => c.State == ComponentStatus.Absent ? Palette.Faint : Style.Plain),
        new("HEALTH", c => c.Health ?? "-", c => c.Health is null ? Palette.Faint : Style.Plain),
        new("READY", c => c.Readiness.IsReady ? "yes" : c.Readiness.Reason, c => Palette.Of(c.Readiness.State)) { MayWrap = true },
        new("ENDPOINT", c => string.Join(surface.Traits.IsUnbounded ? ", " : "\n", c.Ports.Select(p => p.Endpoint))),
        new("UPTIME", c => c.StartedAt is { } start ? DurationText.Age(now - start) : "-"),
        new("RESTARTS", c => c.Restarts.ToString(), c => c.Restarts > 0 ? Palette.Caution : Palette.Faint),
    ];

    /// <summary>Writes the table; where it would be too wide, endpoints follow it as a list, and what says least is left out.</summary>
    public void Write()
    {
        var width = surface.Traits.Width;
        if (WidthOf(_all) <= width)
        {
            surface.WriteIndented(Create(_all), Indent);
            return;
        }

        List<StatusColumn> columns = [.. _all.Where(c => c.Header != "ENDPOINT")];
        foreach (var header in new[] { "KIND", "RESTARTS" })
        {
            var says = header == "RESTARTS" && status.Components.Any(c => c.Restarts > 0);
            if (WidthOf(columns) > width && !says)
                columns.RemoveAll(c => c.Header == header);
        }

        surface.WriteIndented(Create(columns), Indent);
        surface.WriteLine("");
        surface.WriteIndented(Endpoints(), Indent);
    }

    private Table Create(IReadOnlyList<StatusColumn> columns)
    {
        var table = new Table().NoBorder();
        foreach (var (column, i) in columns.Select((c, i) => (c, i)))
        {
            var made = new TableColumn(new Text(column.Header, Palette.Faint)).PadLeft(0)
                .PadRight(i == columns.Count - 1 ? 0 : Gap);
            table.AddColumn(column.MayWrap ? made : made.NoWrap());
        }

        foreach (var component in status.Components)
            table.AddRow(columns.Select(c => new Text(c.Text(component), c.Style(component))));
        return table;
    }

    private Grid Endpoints()
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(Gap));
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(0));
        foreach (var port in status.Components.SelectMany(c => c.Ports))
            grid.AddRow(new Text(port.Label), new Text(port.Endpoint));
        return grid;
    }

    private int WidthOf(IReadOnlyList<StatusColumn> columns) =>
        Indent + (Gap * (columns.Count - 1)) + columns.Sum(c => c.WidthIn(status.Components));
}
