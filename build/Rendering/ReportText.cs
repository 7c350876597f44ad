using InstanceKit;
using InstanceKit.Lifecycle;
using Requests;

namespace Rendering;

/// <summary>Tells people how a command on instances ended.</summary>
internal sealed class ReportText(Output output, CommandWords words, NextCommand next)
{
    /// <summary>Writes what was done, or would be, of every instance; what went wrong comes last.</summary>
    /// <param name="reports">The reports, in the order of the instances.</param>
    /// <param name="repeatsNotes">Whether notes still have to be shown.</param>
    public void Write(IReadOnlyList<OperationReport> reports, bool repeatsNotes)
    {
        foreach (var report in reports)
            WriteResult(report, repeatsNotes && output.IsChatty);
        foreach (var report in reports.Where(r => r.Outcome == Outcome.Failed))
            WriteFailure(report);
        foreach (var report in reports.Where(r => r.Outcome == Outcome.Interrupted))
            output.Messages.WriteLine(("! ", Palette.Caution), (words.Interrupt(report.Instance, next), null));
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
            output.Messages.WriteSentence("!", Palette.Caution, $"Instance {report.Instance}: {note}");
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
            ($"Instance {report.Instance} ({report.Project}) failed after {DurationText.Elapsed(report.Elapsed)}:", Palette.Strong));
        if (report.Error is { } error)
            new ErrorText(output).WriteIndented(error);
    }
}
