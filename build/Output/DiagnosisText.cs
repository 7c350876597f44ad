using InstanceKit.Doctor;
using Spectre.Console;

namespace Output;

/// <summary>Shows the findings: a line for each check, then the remedies.</summary>
internal sealed class DiagnosisText(Surface surface)
{
    /// <summary>Writes the findings.</summary>
    public void Write(IReadOnlyList<Finding> findings)
    {
        surface.WriteIndented(Create(findings), 0);
        surface.WriteLine("");
        foreach (var finding in findings.Where(f => f.State is not FindingState.Ok).OrderByDescending(f => f.State))
            WriteRemedy(finding);
        surface.WriteSentence(MarkOf(Worst(findings)), StyleOf(Worst(findings)), Conclude(findings));
    }

    private static Table Create(IReadOnlyList<Finding> findings)
    {
        var table = new Table().NoBorder();
        table.AddColumn(new TableColumn("").NoWrap().PadLeft(0).PadRight(1));
        table.AddColumn(Column("CHECK").NoWrap());
        table.AddColumn(Column("NEEDED").NoWrap());
        table.AddColumn(Column("FOUND").PadRight(0));
        foreach (var finding in findings)
        {
            var style = StyleOf(finding.State);
            table.AddRow(
                new Text(MarkOf(finding.State), style), new Text(finding.Name), new Text(finding.Needed, Palette.Faint),
                new Text(finding.Found, finding.State is FindingState.Ok ? Style.Plain : style));
        }

        return table;
    }

    private static TableColumn Column(string header) => new TableColumn(new Text(header, Palette.Faint)).PadLeft(0).PadRight(2);

    // The command in a remedy is copied from here: its line is never wrapped.
    private void WriteRemedy(Finding finding)
    {
        surface.WriteLine(
            ($"{MarkOf(finding.State)} ", StyleOf(finding.State)), ($"{finding.Name}: ", Palette.Strong), (finding.Remedy ?? finding.Found, null));
    }

    private static FindingState Worst(IReadOnlyList<Finding> findings) => findings.Max(f => f.State);

    private static string Conclude(IReadOnlyList<Finding> findings)
    {
        var missing = findings.Where(f => f.State is FindingState.Missing).Select(f => f.Name).ToList();
        return missing.Count > 0 ? $"Up does not work yet: see {string.Join(", ", missing)}."
            : Worst(findings) is FindingState.Warning ? "All requirements are met; see the marked lines."
            : "All requirements are met.";
    }

    private static string MarkOf(FindingState state) => state switch
    {
        FindingState.Ok => "✔",
        FindingState.Warning => "!",
        _ => "✘",
    };

    private static Style StyleOf(FindingState state) => state switch
    {
        FindingState.Ok => Palette.Good,
        FindingState.Warning => Palette.Caution,
        _ => Palette.Bad,
    };
}
