using InstanceKit.Stacks;

namespace InstanceKit.Status;

/// <summary>Judges the Docker engine and Compose: required where containers would run, since Up never changes over in silence.</summary>
internal static class EngineRules
{
    /// <summary>Free storage below which pulling a stack's images is likely to fail: 5 GiB.</summary>
    private const long LeastStorage = 5L << 30;

    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        var engine = facts.Engine;
        yield return OfEngine(facts);
        if (engine.Version is not null)
        {
            if (engine.FreeStorage is { } free)
                yield return OfStorage(engine.Root!, free);
            yield return OfPools(facts);
        }

        yield return ProgramRules.Judge(Check.Compose, "Docker Compose", facts.Compose, WorstOf(facts), Installable.Compose, facts.System);
    }

    private static Finding OfEngine(DiagnosisFacts facts)
    {
        var (engine, needed) = (facts.Engine, $"{EngineFact.OldestVersion} or newer");
        if (engine.Version is not { } version)
        {
            return new Finding(
                Check.Engine, "Docker engine", WorstOf(facts), engine.Problem ?? "not found", needed,
                engine.IsForbidden ? InstallHints.JoinEngine(facts.System)
                    : engine.IsInstalled ? InstallHints.StartEngine(facts.System)
                    : InstallHints.For(Installable.Engine, facts.System));
        }

        var isOld = ProgramFact.ParseVersion(version) < EngineFact.OldestVersion;
        return new Finding(
            Check.Engine, "Docker engine", isOld ? FindingState.Warning : FindingState.Ok, isOld ? $"{version}, untried" : version, needed,
            isOld ? InstallHints.For(Installable.Engine, facts.System) : null);
    }

    private static FindingState WorstOf(DiagnosisFacts facts) =>
        InfraChoice.AllOf(facts).Any(c => c.Mode is InfraMode.Compose) ? FindingState.Missing : FindingState.Warning;

    private static Finding OfStorage(string root, long free)
    {
        var isLow = free < LeastStorage;
        return new Finding(
            Check.EngineStorage, "engine storage", isLow ? FindingState.Warning : FindingState.Ok,
            $"{ByteText.Of(free)} free in {root}", ByteText.Of(LeastStorage),
            isLow ? "See what takes it: docker system df. Unused images go with docker image prune." : null);
    }

    private static Finding OfPools(DiagnosisFacts facts)
    {
        var pools = facts.Engine.Pools.Count > 0 ? facts.Engine.Pools : AddressPool.Default;
        var (free, all) = AddressPool.Count(pools, facts.Engine.UsedRanges);
        var needed = Math.Max(0, facts.Memory.Instances - facts.Memory.Running);
        var isLow = free < needed;
        return new Finding(
            Check.AddressPools, "address pools", isLow ? FindingState.Warning : FindingState.Ok, $"{free} of {all} ranges left",
            $"{needed}, one for each instance to start",
            isLow
                ? "Take instances down that are not needed, see docker network ls for others, "
                    + "or give the engine more default-address-pools in its daemon.json."
                : null);
    }
}
