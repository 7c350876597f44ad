using System.Globalization;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Doctor;

/// <summary>Evaluates the facts about a machine: one finding for each requirement of instances.</summary>
public static class Diagnosis
{
    /// <summary>The findings, in display order.</summary>
    public static IReadOnlyList<Finding> Of(DiagnosisFacts facts) =>
    [
        .. ProgramRules.Of(facts),
        .. EngineRules.Of(facts),
        .. WorkspaceRules.Of(facts),
        .. MemoryRules.Of(facts),
    ];

    /// <summary>The exit code of the command: <see cref="ExitCode.Prerequisite"/> when something required is missing.</summary>
    public static ExitCode ExitCodeOf(IEnumerable<Finding> findings) =>
        findings.Any(f => f.State is FindingState.Missing) ? ExitCode.Prerequisite : ExitCode.Ok;
}

/// <summary>Judges memory and file watches against the number of instances.</summary>
internal static class MemoryRules
{
    /// <summary>File watches for the dev servers of an instance, and the minimum that a machine should allow.</summary>
    private const long WatchesPerInstance = 16_384, LeastWatches = 65_536, AdvisedWatches = 524_288;

    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return OfMemory(facts.Memory, facts.Next);
        if (facts.FileWatches is { } watches)
            yield return OfWatches(watches, facts.Memory.Instances, facts.System);
    }

    private static Finding OfMemory(MemoryFact memory, NextCommand next)
    {
        var each = memory.Measured ?? MemoryFact.DefaultPerInstance;

        // Running instances already use their memory; if the available memory is unknown, compare total with total.
        var count = memory.Available is null ? memory.Instances : Math.Max(0, memory.Instances - memory.Running);
        var isLow = (memory.Available ?? memory.Total) < count * each;
        return new Finding(
            Check.Memory, "memory", isLow ? FindingState.Warning : FindingState.Ok,
            memory.Available is { } available ? $"{ByteText.Of(available)} of {ByteText.Of(memory.Total)} available" : $"{ByteText.Of(memory.Total)} total",
            $"{ByteText.Of(count * each)} for {count} {(memory.Available is null ? "" : "more ")}instance{(count == 1 ? "" : "s")}, "
            + (memory.Measured is null ? "estimated" : "as measured"),
            isLow ? $"Take down instances that you don't need ({next.OfMachine("List")} lists all), or stop other programs." : null);
    }

    private static Finding OfWatches(long watches, int instances, HostSystem system)
    {
        var needed = Math.Max(LeastWatches, WatchesPerInstance * instances);
        var isLow = watches < needed;
        var sudo = InstallHints.Sudo(system);
        return new Finding(
            Check.FileWatches, "file watches", isLow ? FindingState.Warning : FindingState.Ok, $"{watches}", $"{needed}",
            isLow
                ? $"Raise the limit: echo fs.inotify.max_user_watches={Math.Max(AdvisedWatches, needed)} | {sudo}tee /etc/sysctl.d/60-watches.conf "
                    + $"&& {sudo}sysctl -p /etc/sysctl.d/60-watches.conf"
                : null);
    }
}

/// <summary>Evaluates the workspace, what would run its services, and the ports of the chosen instances.</summary>
internal static class WorkspaceRules
{
    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return facts.Workspace is { } workspace
            ? new(Check.Workspace, "workspace", FindingState.Ok, workspace, "compose files")
            : new(
                Check.Workspace, "workspace", FindingState.Warning, facts.WorkspaceProblem?.Message ?? "none",
                "compose files", facts.WorkspaceProblem?.Remedy);

        if (facts.Packages is { } packages)
            yield return OfPackages(packages);
        var choices = InfraChoice.AllOf(facts);
        if (choices.Distinct().Count() == 1)
            yield return OfInfra("infrastructure", choices[0]);
        else
        {
            foreach (var (instance, choice) in facts.Instances.Zip(choices))
                yield return OfInfra($"infrastructure of {instance.Name}", choice);
        }

        yield return OfProviders(facts, choices);
        foreach (var instance in facts.Instances)
        {
            yield return OfPorts(instance);
            if (instance.Untranslated is { } open)
                yield return OfIsolation(instance, open, facts.Next);
        }
    }

    private static Finding OfPackages(PackagesFact packages)
    {
        var manager = packages.Manager;
        var needed = $"those of {manager.LockFile}, by {manager.Name}";
        if (manager.Path is not null)
            return new Finding(Check.Packages, "packages", FindingState.Ok, packages.Missing is { } missing ? $"{missing}, at the first Up" : "installed", needed);
        return new Finding(
            Check.Packages, "packages", packages.Missing is null ? FindingState.Warning : FindingState.Missing,
            $"{(packages.Missing is null ? "installed, but" : "not installed, and")} {manager.Name} was not found on PATH", needed, manager.InstallHint);
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

    private static Finding OfIsolation(InstanceFact instance, int open, NextCommand next) => new(
        Check.Isolation, $"isolation of {instance.Name}", open > 0 ? FindingState.Warning : FindingState.Ok,
        open > 0 ? $"{open} {(open == 1 ? "place" : "places")} not translated" : "every address is translated or kept for a reason", "none left open",
        open > 0 ? next.ForUntranslated(open, instance.Number) : null);

    private static Finding OfPorts(InstanceFact instance)
    {
        var strangers = instance.Ports.Where(p => p.Holder is PortHolder.Other).ToList();
        var own = instance.Ports.Count(p => p.Holder is PortHolder.Instance);
        var shared = instance.Ports.Count(p => p.Holder is PortHolder.Shared);
        var free = instance.Ports.Count(p => p.Holder is PortHolder.Nobody);
        IEnumerable<string> parts =
        [
            .. strangers.Select(p => $"{p.Port} ({p.Name}) is already in use by {p.Who}"),
            .. own > 0 ? [$"{own} used by {(instance.IsShared ? "itself" : "the instance itself")}"] : Array.Empty<string>(),
            .. shared > 0 ? [$"{shared} of the shared infrastructure"] : Array.Empty<string>(),
            .. free > 0 || instance.Ports.Count == 0 ? [$"{free} free"] : Array.Empty<string>(),
        ];
        return new Finding(
            Check.Ports, $"ports of {instance.Name}", strangers.Count > 0 ? FindingState.Warning : FindingState.Ok,
            string.Join(", ", parts), "no conflicts",
            strangers.Count > 0 ? "Stop that process or container, or use another instance number." : null);
    }
}

/// <summary>Evaluates the Docker engine and Compose: required where containers would run, because Up never switches silently.</summary>
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
            Check.Engine, "Docker engine", isOld ? FindingState.Warning : FindingState.Ok, isOld ? $"{version}, untested" : version, needed,
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
            isLow ? "To see what uses it: docker system df. To remove unused images: docker image prune." : null);
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
                ? "Take down instances that you don't need, see docker network ls for other networks, "
                    + "or give the engine more default-address-pools in its daemon.json."
                : null);
    }
}

/// <summary>What would run the services of an instance, and why.</summary>
/// <param name="Mode">Compose or embedded.</param>
/// <param name="Reason">The reason, as a phrase.</param>
public sealed record InfraChoice(InfraMode Mode, string Reason)
{
    /// <summary>The choices for the chosen instances, in their order; without any, that for a new one.</summary>
    public static IReadOnlyList<InfraChoice> AllOf(DiagnosisFacts facts) =>
        facts.Instances.Count == 0 ? [Of(facts, null)] : [.. facts.Instances.Select(i => Of(facts, i.RecordedInfra))];

    /// <summary>The choice: the requested mode, else that of the instance's first start, else what is available.</summary>
    /// <param name="facts">What was found.</param>
    /// <param name="recorded">What the instance was first brought up with; <see langword="null"/> when it never was.</param>
    public static InfraChoice Of(DiagnosisFacts facts, InfraMode? recorded) => (facts.Infra, recorded) switch
    {
        (InfraMode.Compose or InfraMode.Embedded, _) => new(facts.Infra, "requested"),
        (_, InfraMode.Compose or InfraMode.Embedded) => new(recorded.Value, "recorded at the first Up"),
        _ when facts.Engine.Version is null => new(InfraMode.Embedded, "no engine answers"),
        _ when facts.Compose is { IsGood: false, IsUnanswered: false } => new(InfraMode.Embedded, $"Docker Compose is {(facts.Compose.IsOld ? "too old" : "missing")}"),
        _ => new(InfraMode.Compose, $"engine {facts.Engine.Version} answers"),
    };
}

/// <summary>Judges the programs that are run.</summary>
internal static class ProgramRules
{
    /// <summary>The SDK, Node.js and npm are required; PM2 is fetched, and git only helps.</summary>
    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return Judge(Check.DotNetSdk, ".NET SDK", facts.Sdk, FindingState.Missing, Installable.DotNetSdk, facts.System);
        yield return Judge(Check.Node, "Node.js", facts.Node, FindingState.Missing, Installable.Node, facts.System);
        yield return Judge(Check.Npm, "npm", facts.Npm, FindingState.Missing, Installable.Npm, facts.System);
        yield return OfPm2(facts);
        yield return Judge(Check.Git, "git", facts.Git, FindingState.Warning, Installable.Git, facts.System);
    }

    /// <summary>Judges a program.</summary>
    /// <param name="check">What is checked.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="program">What was found.</param>
    /// <param name="worst">What it is when it is missing or too old.</param>
    /// <param name="installable">What would have to be installed.</param>
    /// <param name="system">Where.</param>
    public static Finding Judge(
        Check check, string name, ProgramFact program, FindingState worst, Installable installable, HostSystem system) => new(
            check, name, program.IsGood ? FindingState.Ok : program.IsUnanswered ? FindingState.Warning : worst,
            program.Version is { } version ? program.IsOld ? $"{version}, too old" : version : program.Problem ?? "not found",
            program.Needed ?? (program.Oldest is { } oldest ? $"{oldest} or newer" : "any version"),
            program.IsGood ? null
            : program.IsUnanswered ? "It is installed, but the machine is busy or the program hangs. Retry."
            : InstallHints.For(installable, system));

    private static Finding OfPm2(DiagnosisFacts facts) => new(
        Check.Pm2, "PM2",
        facts.Pm2 is null && !facts.Npm.IsGood ? FindingState.Warning : FindingState.Ok,
        facts.Pm2 ?? "not found; the first Up installs it", "any version",
        facts.Pm2 is null && !facts.Npm.IsGood ? "It is installed with npm; see npm." : null);
}
