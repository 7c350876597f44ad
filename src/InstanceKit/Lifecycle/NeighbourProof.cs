using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Processes;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Proves that an instance takes nothing that another one of this machine has, and records what it takes.</summary>
internal sealed class NeighbourProof(ManagerContext context)
{
    private const int MostShown = 5;

    /// <summary>Compares what the merged model takes with all that is known; records it when nothing is in common.</summary>
    /// <remarks>
    /// It is recorded only after the comparison, and both in one turn: of two that meet, the second is refused, and leaves
    /// nothing that would stand in the way of the first.
    /// </remarks>
    /// <exception cref="InstanceKitException">Another instance has some of it.</exception>
    public async Task RequireAsync(InstancePlan plan, ComposeModel merged, CancellationToken cancellation)
    {
        var footprint = InstanceFootprint.Of(merged, plan.Ports);
        using var turn = await context.TakeTurnAsync("workspace", FileLock.ShortTurn, null, cancellation);
        foreach (var neighbour in context.Neighbours.SelectMany(n => n.Of(plan.Spec)))
        {
            if (FootprintClash.Find(footprint, neighbour.Footprint) is not { Count: > 0 } clashes)
                continue;
            Record(plan.Spec.Paths, null);
            throw Refusal(plan.Spec, neighbour, clashes, context.Options.Next);
        }

        Record(plan.Spec.Paths, footprint);
    }

    /// <summary>The address ranges of all other instances, where the compose files fix any.</summary>
    public IReadOnlyList<string> HeldRanges(InstanceSpec spec, ComposeModel model) =>
        model.Networks.All(n => n.Subnets.Count == 0)
            ? []
            : [.. context.Neighbours.SelectMany(n => n.Of(spec)).SelectMany(n => n.Footprint.Subnets)];

    private static void Record(InstancePaths paths, InstanceFootprint? footprint)
    {
        var text = InstanceDirectory.ReadText(paths.Record) ?? "";
        if (InstanceRecord.TryParse(text) is { } record && (record with { Footprint = footprint }).ToJson() is var next && next != text)
            InstanceDirectory.Write(paths.Record, next, isDurable: true);
    }

    private static InstanceKitException Refusal(
        InstanceSpec spec, NeighbourInstance neighbour, IReadOnlyList<FootprintClash> clashes, NextCommand next)
    {
        var isOurs = neighbour.Workspace == spec.Workspace;
        var name = isOurs ? $"instance {neighbour.Number}" : $"instance {neighbour.Number} of {neighbour.Workspace}";
        var more = clashes.Count > MostShown ? $"\n    and {clashes.Count - MostShown} more" : "";
        return InstanceKitException.Usage(
            $"Instance {spec.Number} is not started, since {name} has the same:\n"
            + string.Join('\n', clashes.Take(MostShown).Select(c => $"    {c}")) + more,
            $"Choose another number, or remove the other one: "
            + (isOurs ? next.For("Clean", neighbour.Number) : $"{next.OfMachine($"Clean --instance {neighbour.Number}")} in {ShellQuote.Word(neighbour.Workspace)}"));
    }
}
