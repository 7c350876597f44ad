using System.Globalization;
using System.Text.RegularExpressions;
using Cli;
using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Output;

/// <summary>How the outcome of a command on instances is put into words.</summary>
/// <param name="Name">The command's name: "Up".</param>
/// <param name="Done">What an instance is once the command has changed something: "is up".</param>
/// <param name="Unchanged">What it is when there was nothing to change: "is already up".</param>
/// <param name="Remark">A sentence about what was not changed; <see langword="null"/> for none.</param>
internal sealed record CommandWords(string Name, string Done, string Unchanged, string? Remark = null)
{
    /// <summary><c>InitInstance</c>.</summary>
    public static CommandWords Initialize { get; } = new("InitInstance", "is initialized", "is already initialized");

    /// <summary><c>Up</c>.</summary>
    public static CommandWords Up { get; } = new("Up", "is up", "is already up");

    /// <summary><c>Down</c>.</summary>
    public static CommandWords Down { get; } = new("Down", "is down", "is already down", "Its data is kept.");

    /// <summary><c>Clean</c>.</summary>
    public static CommandWords Clean { get; } = new("Clean", "is removed", "has nothing to remove");

    /// <summary><c>Restart</c>.</summary>
    public static CommandWords Restart { get; } = new("Restart", "is up again", "has nothing to restart");

    /// <summary><c>Wait</c>.</summary>
    public static CommandWords Wait { get; } = new("Wait", "is ready", "is ready");

    /// <summary>The sentence about an instance whose command was interrupted, with the next steps.</summary>
    public string Interrupt(OperationReport report, NextCommand next)
    {
        var instance = report.Instance;
        if (StackDefinition.IsSharedProject(report.Project))
            next = next.ForShared();
        var leavesHalf = this == Up || this == Restart;
        var goOn = $"Continue: {next.For(leavesHalf ? Up.Name : Name, instance)}";
        return leavesHalf
            ? $"{StackDefinition.TitleOf(instance, report.Project)} is partly up; what was started keeps running. {goOn}; stop it: {next.For("Down", instance)}"
            : $"{Name} of {StackDefinition.NameOf(instance, report.Project)} was interrupted. {goOn}";
    }

    /// <summary>The sentence about an instance that was not planned, failed or interrupted.</summary>
    public string Conclude(OperationReport report)
    {
        var instance = $"{StackDefinition.TitleOf(report.Instance, report.Project)} ({report.Project})";
        var skipped = PlanSummary.DescribeSkipped(report.Status);
        if (report.Outcome == Outcome.Unchanged)
            return $"{instance} {Unchanged}; nothing changed.{(skipped is null ? "" : $" {skipped}.")}";
        var changes = PlanSummary.Describe(report.Plan);
        return $"{instance} {Done} after {DurationText.Elapsed(report.Elapsed)}"
            + (changes.Length > 0 ? $": {changes}" : "") + (skipped is null ? "." : $"; {skipped}.")
            + (Remark is null ? "" : $" {Remark}");
    }
}

/// <summary>Summarizes what a plan has changed.</summary>
internal static partial class PlanSummary
{
    /// <summary>The changes, counted, in the order of the plan: "wrote 4 files, started 11 services and 3 apps".</summary>
    public static string Describe(OperationPlan plan)
    {
        var phrases = new List<(string Verb, List<string> Objects)>();
        foreach (var group in plan.Operations.Where(o => o.Kind != OperationKind.KeepFile).GroupBy(o => o.Kind))
        {
            var (verb, thing) = Describe(group.Key, [.. group.Select(o => o.Target)]);
            if (phrases is [.., var last] && last.Verb == verb)
                last.Objects.Add(thing);
            else
                phrases.Add((verb, [thing]));
        }

        return string.Join(", ", phrases.Select(p => $"{p.Verb} {Join(p.Objects)}"));
    }

    /// <summary>What does not run and why, "5 skipped: need Docker"; <see langword="null"/> where everything runs.</summary>
    public static string? DescribeSkipped(InstanceStatus? status)
    {
        var skipped = (status?.Components ?? []).Where(c => c.Readiness.State == ReadyState.Skipped).ToList();
        return skipped.Count == 0 ? null : string.Join(", ", skipped.GroupBy(c => Lack().Match(c.Readiness.Reason).Groups["what"].Value).Select(g =>
            g.ToList() is [var only] ? $"{only.Name} skipped: needs {g.Key}" : $"{g.Count()} skipped: need {g.Key}"));
    }

    // "skipped: needs Docker: its image is not known", "skipped: needs Docker or 'redpanda'"
    [GeneratedRegex("needs (?<what>.+?)(?=$|: | or )")]
    private static partial Regex Lack();

    private static (string Verb, string Thing) Describe(OperationKind kind, IReadOnlyList<string> targets) => kind switch
    {
        OperationKind.WriteFile => ("wrote", Count(targets, "file")),
        OperationKind.InstallPackages => ("installed", "packages"),
        OperationKind.StartService => ("started", Count(targets, "service")),
        OperationKind.StartApp => ("started", Count(targets, "app")),
        OperationKind.RestartService => ("restarted", Count(targets, "service")),
        OperationKind.RestartApp => ("restarted", Count(targets, "app")),
        OperationKind.RemoveApp => ("removed", Count(targets, "app")),
        OperationKind.RemoveContainer => ("removed", Count(targets, "container")),
        OperationKind.RemoveService => ("removed", Count(targets, "service")),
        OperationKind.RemoveNetwork => ("removed", Count(targets, "network")),
        OperationKind.RemoveVolume => ("removed", Count(targets, "volume")),
        OperationKind.DeleteFiles => ("deleted", "its files"),
        OperationKind.ReleaseNumber => ("released", "its number"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of operation has no description."),
    };

    private static string Count(IReadOnlyList<string> targets, string noun) =>
        targets is [var only] ? $"{noun} {only}" : $"{targets.Count} {noun}s";

    private static string Join(List<string> things) =>
        things.Count == 1 ? things[0] : $"{string.Join(", ", things[..^1])} and {things[^1]}";
}

/// <summary>Durations as people read them.</summary>
internal static class DurationText
{
    /// <summary>How long something took: <c>0.4 s</c>, <c>12 s</c>, <c>2 min 05 s</c>.</summary>
    public static string Elapsed(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 9.95 => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 60 => $"{(int)duration.TotalSeconds} s",
        _ => $"{(int)duration.TotalMinutes} min {duration.Seconds:00} s",
    };

    /// <summary>How long something has run, in at most six columns: <c>45s</c>, <c>2m05s</c>, <c>3h12m</c>, <c>5d04h</c>.</summary>
    public static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 1 => "0s",
        < 60 => $"{age.Seconds}s",
        < 3600 => $"{age.Minutes}m{age.Seconds:00}s",
        < 86_400 => $"{age.Hours}h{age.Minutes:00}m",
        _ => $"{age.Days}d{age.Hours:00}h",
    };
}
