using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Cli;
using Spectre.Console;

namespace Output;

/// <summary>Shows the result of a command on instances.</summary>
internal sealed class ReportText(CommandOutput output, CommandWords words, NextCommand next)
{
    /// <summary>Writes what was done, or would be done, for every instance; failures come last.</summary>
    /// <param name="reports">The reports, in the order of the instances.</param>
    /// <param name="repeatsNotes">Whether notes still have to be shown.</param>
    public void Write(IReadOnlyList<OperationReport> reports, bool repeatsNotes)
    {
        foreach (var report in reports)
            WriteResult(report, repeatsNotes && output.IsChatty);
        foreach (var report in reports.Where(r => r.Outcome == Outcome.Failed))
            WriteFailure(report);
        foreach (var report in reports.Where(r => r.Outcome == Outcome.Interrupted))
            output.Messages.WriteLine(("! ", Palette.Caution), (words.Interrupt(report, next), null));
    }

    private void WriteResult(OperationReport report, bool repeatsNotes)
    {
        if (report.Outcome == Outcome.Planned && !output.IsJson)
            OperationPlanText.Write(output.Data, report);
        else if (report.Outcome is Outcome.Done or Outcome.Unchanged && output.IsChatty)
            WriteConclusion(report);

        if (output.IsChatty)
            DiffText.Write(output.Messages, report);
        if (!repeatsNotes)
            return;
        foreach (var note in report.Notes)
            output.Messages.WriteSentence("!", Palette.Caution, $"{StackDefinition.TitleOf(report.Instance, report.Project)}: {note}");
    }

    private void WriteConclusion(OperationReport report)
    {
        output.Data.WriteSentence("✔", Palette.Good, words.Conclude(report));
        if (report.Status is { } status)
            output.Data.WriteIndented(EndpointTable.Create(status), 2);
    }

    private void WriteFailure(OperationReport report)
    {
        output.Messages.WriteLine(
            ("✘ ", Palette.Bad),
            ($"{StackDefinition.TitleOf(report.Instance, report.Project)} ({report.Project}) failed after {DurationText.Elapsed(report.Elapsed)}:", Palette.Strong));
        if (report.Error is { } error)
            new ErrorText(output).WriteIndented(error);
    }
}

/// <summary>Shows a plan that was not carried out.</summary>
internal static class OperationPlanText
{
    /// <summary>A heading, then one operation a line with its cause.</summary>
    public static void Write(Surface surface, OperationReport report)
    {
        var instance = StackDefinition.TitleOf(report.Instance, report.Project);
        var operations = report.Plan.Operations;
        surface.WriteLine(
            (instance, Palette.Strong),
            ($" ({report.Project}): {Count(report)}", null));
        foreach (var operation in operations)
            surface.WriteLine($"  {operation}");
    }

    private static string Count(OperationReport report)
    {
        if (report.Plan.IsEmpty)
            return "nothing would change.";
        var changes = report.Plan.Operations.Count;
        return changes == 1 ? "1 step planned; nothing was changed." : $"{changes} steps planned; nothing was changed.";
    }
}

/// <summary>Shows how edited files differ from what would be written, each once until the difference changes.</summary>
internal static class DiffText
{
    /// <summary>A heading for each file, and the lines of the difference.</summary>
    public static void Write(Surface surface, OperationReport report)
    {
        foreach (var diff in report.Diffs.Where(d => d.IsNews))
        {
            surface.WriteLine($"  --- {diff.File} (as you edited it)", Palette.Strong);
            surface.WriteLine($"  +++ {diff.File} (as --force would write it)", Palette.Strong);
            foreach (var line in diff.Lines)
                surface.WriteLine($"  {line}", StyleOf(line));
            if (diff.MoreLines > 0)
                surface.WriteLine($"  … {diff.MoreLines} more {(diff.MoreLines == 1 ? "line" : "lines")}", Palette.Faint);
        }
    }

    private static Style? StyleOf(string line) => line[0] switch
    {
        '-' => Palette.Bad,
        '+' => Palette.Good,
        '@' => Palette.Faint,
        _ => default(Style?),
    };
}

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
