using System.Globalization;
using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace Output;

/// <summary>Shows the resource usage of instances: a table for each, and the total.</summary>
internal sealed class StatsText(SurfaceTraits traits, NextCommand next)
{
    private const string Sum = "total";

    /// <summary>The lines.</summary>
    /// <param name="statuses">The instances; empty when all were requested and none exists.</param>
    /// <param name="workspace">The workspace's path.</param>
    public IEnumerable<InkLine> Draw(IReadOnlyList<InstanceStatus> statuses, string workspace)
    {
        if (statuses.Count == 0)
            yield return new InkLine((NoInstancesText.Of(workspace, $"Start one: {next.For("Up", 1)}"), Ink.Plain));
        var rows = statuses.Select(s => (Status: s, Rows: RowsOf(s))).ToList();
        var table = Create([.. rows.SelectMany(r => r.Rows)]);
        for (var i = 0; i < rows.Count; i++)
        {
            var (status, uses) = rows[i];
            if (i > 0)
                yield return new InkLine();
            yield return new InkLine((StackDefinition.TitleOf(status.Instance, status.Project), Ink.Strong), ($"  {status.Project}", Ink.Faint));
            if (uses.Count == 0)
            {
                yield return new InkLine(($"  Not running. Start it: {next.For("Up", status.Instance)}", Ink.Faint));
                continue;
            }

            yield return table.Head();
            foreach (var line in uses.SelectMany(u => table.Draw(u, "", Ink.Plain)))
                yield return line;
        }
    }

    private static List<Row> RowsOf(InstanceStatus status)
    {
        var rows = status.Components.Where(c => c.Use is not null).Select(c => new Row(c.IsShared ? $"{c.Name} (shared)" : c.Name, c.CpuPercent, c.Use!)).ToList();
        if (status.Use is { } all)
            rows.Add(new Row(Sum, status.CpuPercent, all));
        return rows;
    }

    private TextTable<Row> Create(List<Row> rows)
    {
        List<TextColumn<Row>> columns =
        [
            new("NAME", r => r.Name) { Ink = r => r.Name == Sum ? Ink.Strong : Ink.Plain },
            TextColumn<Row>.Number("CPU", r => ResourceText.Cpu(r.CpuPercent)),
            TextColumn<Row>.Number("MEMORY", r => ResourceText.Bytes(r.Use.Memory)),
            TextColumn<Row>.Number("RECEIVED", r => ResourceText.Bytes(r.Use.NetworkReceived)),
            TextColumn<Row>.Number("SENT", r => ResourceText.Bytes(r.Use.NetworkSent)),
            TextColumn<Row>.Number("READ", r => ResourceText.Bytes(r.Use.BlockRead)),
            TextColumn<Row>.Number("WRITTEN", r => ResourceText.Bytes(r.Use.BlockWritten)),
        ];
        var table = new TextTable<Row>(columns, rows, traits.Width);

        // Disks, then networks, both ways together.
        const int pair = 2, fewest = 3;
        while (table.Width > traits.Width && columns.Count > fewest)
        {
            columns.RemoveRange(columns.Count - pair, pair);
            table = new TextTable<Row>(columns, rows, traits.Width);
        }

        return table;
    }

    private sealed record Row(string Name, double? CpuPercent, ResourceUse Use);
}

/// <summary>Formats resource usage.</summary>
internal static class ResourceText
{
    /// <summary>The text for an unknown value.</summary>
    public const string Unknown = "-";

    private const double Step = 1024;
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Percent of one core: <c>0.4%</c>, <c>12%</c>, <c>340%</c>.</summary>
    public static string Cpu(double? percent) => percent is not { } value ? Unknown
        : value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";

    /// <summary>Bytes with about three digits: <c>0 B</c>, <c>640 MiB</c>, <c>1.2 GiB</c>.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
            return Unknown;
        double value = count;
        var unit = 0;
        for (; value >= Step - 0.5 && unit < s_units.Length - 1; unit++)
            value /= Step;
        return $"{value.ToString(unit > 0 && value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {s_units[unit]}";
    }
}
