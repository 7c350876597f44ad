using InstanceKit.Stacks;

namespace InstanceKit.Status;

/// <summary>Judges the workspace, what would run its services, and the ports of the chosen instances.</summary>
internal static class WorkspaceRules
{
    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return facts.Workspace is { } workspace
            ? new(Check.Workspace, "workspace", FindingState.Ok, workspace, "compose files")
            : new(
                Check.Workspace, "workspace", FindingState.Warning, facts.WorkspaceProblem?.Message ?? "none",
                "compose files", facts.WorkspaceProblem?.Remedy);

        var choices = InfraChoice.AllOf(facts);
        if (choices.Distinct().Count() == 1)
            yield return OfInfra("infrastructure", choices[0]);
        else
        {
            foreach (var (instance, choice) in facts.Instances.Zip(choices))
                yield return OfInfra($"infrastructure of instance {instance.Number}", choice);
        }

        yield return OfProviders(facts, choices);
        foreach (var instance in facts.Instances)
            yield return OfPorts(instance);
    }

    private static Finding OfInfra(string name, InfraChoice choice) => new(
        Check.Infra, name, FindingState.Ok,
        $"{(choice.Mode is InfraMode.Compose ? "containers (compose)" : "processes (embedded)")}: {choice.Reason}",
        "either");

    private static Finding OfProviders(DiagnosisFacts facts, IReadOnlyList<InfraChoice> choices)
    {
        var there = facts.Providers.Where(p => p.Source is not null).Select(p => p.Name).ToList();
        var absent = facts.Providers.Where(p => p.Source is null).ToList();
        var isWanted = choices.Any(c => c.Mode is InfraMode.Embedded);
        var found = there.Count == 0 ? "none" : string.Join(", ", there);
        return new Finding(
            Check.Embedded, "embedded services", isWanted && absent.Count > 0 ? FindingState.Warning : FindingState.Ok,
            absent.Count == 0 ? found : $"{found}, but not {string.Join(", ", absent.Select(p => p.Name))}",
            isWanted ? "what the apps need" : "none",
            isWanted && absent.Count > 0 ? string.Join("; ", absent.Select(p => $"{p.Name} needs {p.Needs}")) + "." : null);
    }

    private static Finding OfPorts(InstanceFact instance)
    {
        var strangers = instance.Ports.Where(p => p.Holder is PortHolder.Other).ToList();
        var own = instance.Ports.Count(p => p.Holder is PortHolder.Instance);
        var free = instance.Ports.Count(p => p.Holder is PortHolder.Nobody);
        IEnumerable<string> parts =
        [
            .. strangers.Select(p => $"{p.Port} ({p.Name}) is taken by {p.Who}"),
            .. own > 0 ? [$"{own} used by the instance itself"] : Array.Empty<string>(),
            .. free > 0 || instance.Ports.Count == 0 ? [$"{free} free"] : Array.Empty<string>(),
        ];
        return new Finding(
            Check.Ports, $"ports of instance {instance.Number}", strangers.Count > 0 ? FindingState.Warning : FindingState.Ok,
            string.Join(", ", parts), "no strangers",
            strangers.Count > 0 ? $"End what has {(strangers.Count == 1 ? "it" : "them")}, or use another instance number." : null);
    }
}
