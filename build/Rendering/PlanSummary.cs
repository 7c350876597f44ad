using InstanceKit.Planning;

namespace Rendering;

/// <summary>Says in a few words what a plan has changed.</summary>
internal static class PlanSummary
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
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of operation has no words."),
    };

    private static string Count(IReadOnlyList<string> targets, string noun) =>
        targets is [var only] ? $"{noun} {only}" : $"{targets.Count} {noun}s";

    private static string Join(List<string> things) =>
        things.Count == 1 ? things[0] : $"{string.Join(", ", things[..^1])} and {things[^1]}";
}
