using InstanceKit.Verbs;
using Spectre.Console;

namespace Output;

/// <summary>Shows what an instance is: its names, ports and variables.</summary>
internal sealed class InfoText(Surface surface)
{
    /// <summary>Writes the instances, one after the other.</summary>
    public void Write(IReadOnlyList<InstanceInfo> infos)
    {
        foreach (var (info, i) in infos.Select((info, i) => (info, i)))
        {
            if (i > 0)
                surface.WriteLine("");
            Write(info);
        }
    }

    private void Write(InstanceInfo info)
    {
        surface.WriteLine(
            (info.Spec.Title, Palette.Strong),
            ($"  {info.Spec.Project}  ", Palette.Faint),
            (info.IsInitialized ? "initialized" : "not initialized", info.IsInitialized ? Palette.Good : Palette.Faint));
        surface.WriteLine($"  Workspace  {info.Spec.Workspace}");
        surface.WriteLine($"  Files      {info.Spec.Paths.Relative(info.Spec.Paths.Directory)}");
        surface.WriteLine($"  Apps       {string.Join(", ", info.Spec.Stack.Apps.Select(info.Spec.ProcessNameOf))}");
        surface.WriteLine("");
        surface.WriteIndented(Ports(info), 2);

        var common = info.Variables.Values.Aggregate((IEnumerable<KeyValuePair<string, string>>?)null, Intersect)?.ToList() ?? [];
        WriteVariables("Variables of every app", common);
        foreach (var (app, variables) in info.Variables)
            WriteVariables($"Variables of {app}", variables.Except(common).ToList());
    }

    private void WriteVariables(string title, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        if (variables.Count == 0)
            return;
        surface.WriteLine("");
        surface.WriteLine($"  {title}", Palette.Faint);
        foreach (var (name, value) in variables)
            surface.WriteLine($"    {name}={value}");
    }

    private static IEnumerable<KeyValuePair<string, string>> Intersect(
        IEnumerable<KeyValuePair<string, string>>? all, IEnumerable<KeyValuePair<string, string>> next) =>
        all is null ? next : all.Intersect(next);

    private static Table Ports(InstanceInfo info)
    {
        var table = new Table().NoBorder();
        foreach (var (header, i) in new[] { "PORT", "NUMBER", "BASE", "OWNER", "ENDPOINT" }.Select((h, i) => (h, i)))
        {
            table.AddColumn(new TableColumn(new Text(header, Palette.Faint)).NoWrap()
                .PadLeft(0).PadRight(i == 4 ? 0 : 2));
        }

        foreach (var port in info.Ports.Assignments)
        {
            table.AddRow(
                new Text(port.Name), new Text(port.Port.ToString()), new Text(port.BasePort.ToString(), Palette.Faint),
                new Text(port.IsShared ? $"{port.Owner} (shared)" : $"{port.Owner}", Palette.Faint), new Text(port.Endpoint));
        }

        return table;
    }
}
