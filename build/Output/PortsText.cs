using InstanceKit;
using InstanceKit.Ports;
using InstanceKit.Verbs;
using Spectre.Console;

namespace Output;

/// <summary>Writes ports as <c>NAME=number</c> lines, fit for a shell's <c>eval</c>.</summary>
internal static class PortsText
{
    /// <summary>Writes the ports of one instance.</summary>
    /// <exception cref="InstanceKitException">There are several instances: their names would repeat.</exception>
    public static void Write(TextWriter writer, IReadOnlyList<InstanceInfo> infos)
    {
        if (infos is not [var info])
        {
            throw InstanceKitException.Usage(
                $"Ports prints NAME=number lines, which {infos.Count} instances would overwrite.",
                "Name one instance, or add --json.");
        }

        foreach (var port in info.Ports.Assignments)
            writer.WriteLine($"{port.Name}={port.Port}");
    }
}

/// <summary>Shows the port plan of instances, with the reason for every number.</summary>
internal sealed class PortReasonsText(Surface surface)
{
    private static readonly string[] Headers = ["PORT", "NUMBER", "BASE", "OWNER", "REASON"];

    /// <summary>Writes the plans, one after the other.</summary>
    public void Write(IReadOnlyList<InstanceInfo> infos)
    {
        foreach (var (info, i) in infos.Select((info, i) => (info, i)))
        {
            if (i > 0)
                surface.WriteLine("");
            surface.WriteLine(
                (info.Spec.Title, Palette.Strong), ($"  {info.Spec.Project}  ", Palette.Faint),
                (info.IsInitialized ? "recorded: these ports do not change" : "not initialized: planned ports", Palette.Faint));
            surface.WriteIndented(Plan(info), 2);
        }
    }

    private static Table Plan(InstanceInfo info)
    {
        var table = new Table().NoBorder();
        foreach (var (header, i) in Headers.Select((h, i) => (h, i)))
            table.AddColumn(new TableColumn(new Text(header, Palette.Faint)).NoWrap().PadLeft(0).PadRight(i == Headers.Length - 1 ? 0 : 2));
        foreach (var port in info.Ports.Assignments)
        {
            table.AddRow(
                new Text(port.Name), new Text(Number(port, port.Port)), new Text(Number(port, port.BasePort), Palette.Faint),
                new Text(port.IsShared ? $"{port.Owner} (shared)" : $"{port.Owner}", Palette.Faint), new Text(port.Reason));
        }

        return table;
    }

    private static string Number(PortAssignment port, int first) =>
        (port.Count == 1 ? $"{first}" : $"{first}-{first + port.Count - 1}") + (port.Protocol == "tcp" ? "" : $"/{port.Protocol}");
}
