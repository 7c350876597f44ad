using InstanceKit.Models;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Spectre.Console;

namespace Output;

/// <summary>Shows all instances of this machine as a table.</summary>
internal sealed class MachineText(Surface surface)
{
    /// <summary>Writes the instances, one per row, and notes.</summary>
    /// <param name="survey">The instances.</param>
    public void Write(MachineSurvey survey, DateTimeOffset now)
    {
        if (survey.Instances.Count == 0)
            surface.WriteLine("There are no instances on this machine.");
        else
            surface.WriteIndented(Create(survey.Instances, now), 0);
        foreach (var note in survey.Notes)
            surface.WriteSentence("!", Palette.Caution, note);
        if (survey.Instances.Any(i => i.IsOrphaned))
            surface.WriteSentence("!", Palette.Caution, "To remove orphaned instances, run Clean --orphans.");
    }

    /// <summary>What runs of an instance, in few words: "running, 9 of 10 containers, 3 apps".</summary>
    public static string Describe(MachineInstance instance) => instance.State switch
    {
        MachineState.Running => string.Join(", ", Running(instance).Prepend("running")),
        MachineState.Stopped => "stopped",
        MachineState.FilesOnly => "files only",
        MachineState.Claimed => "number only",
        _ => "unknown",
    };

    private static IEnumerable<string> Running(MachineInstance instance)
    {
        if (instance.ServicesOnline is { } services)
            yield return Count(services, "service");
        else if (instance is { Running: { } running, Containers: { } all } && (all > 0 || instance.Mode is not InfraMode.Shared))
            yield return running == all ? Count(all, "container") : $"{running} of {Count(all, "container")}";
        if (instance.AppsOnline is > 0 and { } apps)
            yield return Count(apps, "app");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static Table Create(IReadOnlyList<MachineInstance> instances, DateTimeOffset now)
    {
        (string Header, Func<MachineInstance, string> Text)[] columns =
        [
            ("INSTANCE", i => StackDefinition.IsSharedProject(i.Project) ? "shared" : $"{i.Number}"),
            ("PROJECT", i => i.Project),
            ("INFRA", i => i.Mode?.ToString().ToLowerInvariant() ?? "-"),
            ("STATE", Describe),
            ("AGE", i => i.Created is { } created ? DurationText.Age(now - created) : "-"),
            ("BRANCH", i => i.Branch ?? "-"),
            ("WORKSPACE", i => i.Workspace ?? "-"),
            ("REMARK", i => (i.IsOrphaned ? "orphaned: " : "") + i.Remark),
        ];
        List<(string Header, Func<MachineInstance, string> Text)> shown =
            [.. columns.Where(c => c.Header switch
            {
                "REMARK" => instances.Any(i => i.Remark is not null),
                "INFRA" => instances.Any(i => StackDefinition.IsSharedProject(i.Project) || i.Mode is InfraMode.Shared),
                _ => true,
            })];
        var table = new Table().NoBorder();
        foreach (var (header, _) in shown)
        {
            var column = new TableColumn(new Text(header, Palette.Faint)).PadLeft(0).PadRight(header == shown[^1].Header ? 0 : 2);
            table.AddColumn(header is "STATE" or "WORKSPACE" or "REMARK" ? column : column.NoWrap());
        }

        foreach (var instance in instances)
            table.AddRow(shown.Select(c => new Text(c.Text(instance), StyleOf(c.Header, instance))));
        return table;
    }

    private static Style StyleOf(string header, MachineInstance instance) => header switch
    {
        "REMARK" => Palette.Caution,
        "STATE" when instance.State == MachineState.Running => Palette.Good,
        "STATE" => Palette.Faint,
        _ => Style.Plain,
    };
}
