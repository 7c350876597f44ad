using InstanceKit.Status;
using InstanceKit.Stacks;
using Spectre.Console;

namespace Rendering;

/// <summary>A compact table of where everything of an instance answers.</summary>
internal static class EndpointTable
{
    /// <summary>One row for each port, and one for each app without a port.</summary>
    public static Grid Create(InstanceStatus status)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach (var component in status.Components.OrderByDescending(c => c.Kind))
        {
            foreach (var port in component.Ports)
                AddRow(grid, port.Label, port.Endpoint, component);
            if (component is { Kind: OwnerKind.App, Ports: [] })
                AddRow(grid, char.ToUpperInvariant(component.Name[0]) + component.Name[1..], "no port", component);
        }

        return grid;
    }

    private static void AddRow(Grid grid, string label, string endpoint, ComponentStatus component)
    {
        var readiness = component.Readiness;
        grid.AddRow(
            new Text(label),
            new Text(endpoint, component.Ports.Count == 0 ? Palette.Faint : Style.Plain),
            new Text(readiness.IsReady ? "ready" : readiness.Reason, Palette.Of(readiness.State)));
    }
}
