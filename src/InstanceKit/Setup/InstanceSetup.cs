using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Setup;

/// <summary>Writes the files of an instance, keeps edited files, and proves that the instance is isolated.</summary>
internal sealed class InstanceSetup(
    ManagerOptions options, InstanceStore store, ComposeModels models, LeaseKeeper leases, IReadOnlyList<INeighbours> neighbours)
{
    private readonly NeighbourProof _proof = new(options.Next, store, neighbours);
    private readonly Lock _gate = new();
    private Task<SourceScan>? _scan;

    /// <summary>Decides everything about an instance; nothing is written.</summary>
    public async Task<InstancePlan> PlanAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var scanning = ScanAsync(spec);
        var sources = StackReader.ReadEnvSources(spec.Workspace, spec.Stack);
        var read = await models.ReadAsync(spec, withOverride: false, cancellation);
        var notes = new List<string>();
        var configs = new ConfigReader(spec.Workspace, notes).Read(read.Model.Without(spec.Shared?.Services ?? []));
        var record = InstanceStore.ReadRecord(spec.Paths);
        var isRepair = options.Repair && record is not null;
        var scan = await scanning.WaitAsync(cancellation);
        var plan = InstancePlanner.Create(spec, read.Model, sources, isRepair ? null : record, configs, _proof.HeldRanges(spec, read.Model),
            store.PortsOfOthers(spec), scan);
        if (record is not null)
            notes.AddRange(RepairNote.Of(record, plan, isRepair));
        if (InstancePlanner.Unknown(plan.Mentions).Count() - InstancePlanner.MostNotes is > 0 and var more)
            notes.Add(options.Next.ForUntranslated(more, spec.Number, "more "));
        if (scan.Left > 0)
            notes.Add($"The workspace has too many source files: {scan.Left} were not searched for addresses of the stack.");
        plan = plan with { Notes = [.. plan.Notes, .. notes], MadeFrom = SourceHashes.Of(plan, read.Snapshot, sources.Values) };
        RefuseClash(spec, plan.Ports);
        return plan;
    }

    /// <summary>What the sources contain, once for all instances; instance 0 is what they mean.</summary>
    private Task<SourceScan> ScanAsync(InstanceSpec spec)
    {
        if (spec.Number == 0)
            return Task.FromResult(SourceScan.None);
        lock (_gate)
        {
            return _scan ??= Task.Run(() => new SourceReader(spec.Workspace, TimeProvider.System, isReadOnly: options.DryRun)
                .ReadAsync(spec.Stack.Literals.Hosts, CancellationToken.None));
        }
    }

    /// <summary>What would happen to each file.</summary>
    public IReadOnlyList<FileDecision> Decide(InstancePlan plan)
    {
        var paths = plan.Spec.Paths;
        var record = InstanceStore.ReadRecord(paths);
        return
        [
            .. plan.Files.Select(f => FileReconciler.Decide(
                f.Name, f.Content, ReadWritten(Path.Combine(paths.Directory, f.Name)),
                record?.Files.GetValueOrDefault(f.Name), options.Force,
                SourceChanges.Cause(
                    record?.MadeFrom ?? new Dictionary<string, string>(), plan.MadeFrom, f.Source, plan.SourcesOfOthers(f)))),
        ];
    }

    /// <summary>An empty file is not an edit: a power failure leaves it when a file was just written.</summary>
    private static string? ReadWritten(string path) => FileStore.ReadSource(path) is { Length: > 0 } text ? text : null;

    /// <summary>The decisions as operations, with paths for display.</summary>
    public static OperationPlan Describe(InstancePlan plan, IReadOnlyList<FileDecision> decisions) => new(
    [
        .. decisions.Where(d => d.Action != FileAction.Leave).Select(d => new Operation(
            d.Action == FileAction.Keep ? OperationKind.KeepFile : OperationKind.WriteFile,
            plan.Spec.Paths.Relative(Path.Combine(plan.Spec.Paths.Directory, d.Name)),
            d.Cause + SourceOf(plan, d))),
    ]);

    /// <summary>Tells of the edited files of a run that writes nothing.</summary>
    public static void ReportKeptFiles(InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress) =>
        KeptFiles.Report(plan, decisions, InstanceStore.ReadRecord(plan.Spec.Paths), progress);

    /// <summary>Writes the planned files, records them, and proves the result.</summary>
    /// <returns>The merged model, read back through Compose.</returns>
    /// <exception cref="InstanceKitException">The merged model still ties the instance to another one.</exception>
    public async Task<ComposeModel> ApplyAsync(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress, CancellationToken cancellation)
    {
        await WriteAsync(plan, decisions, progress, cancellation);
        var merged = (await models.ReadAsync(plan.Spec, withOverride: true, cancellation)).Model;
        var ties = ComposeProof.FindTies(merged, plan.Spec, plan.Ports, plan.Model);
        if (ties.Count > 0)
            ReportTies(plan, decisions, ties, progress);
        await _proof.RequireAsync(plan, merged, cancellation);
        await leases.CompleteAsync(plan.Spec, cancellation);
        return merged;
    }

    private async Task WriteAsync(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress, CancellationToken cancellation)
    {
        var paths = plan.Spec.Paths;
        using var turn = await store.TakeTurnAsync("workspace", FileLock.ShortTurn, m => progress.Step("files", m), cancellation);
        RefuseClash(plan.Spec, plan.Ports);
        GitExcludeStore.Ensure(plan.Spec.Workspace);

        var record = InstanceStore.ReadRecord(paths);
        var hashes = plan.Files.ToDictionary(f => f.Name, f => ContentHash.Of(f.Content), StringComparer.Ordinal);
        foreach (var decision in decisions)
        {
            var path = Path.Combine(paths.Directory, decision.Name);
            var file = plan.Files.First(f => f.Name == decision.Name);
            if (decision.Action == FileAction.BackupAndWrite)
                progress.Note(decision.Name, $"{paths.Relative(path)} was edited; saved as {paths.Relative(FileStore.Backup(path))}.");
            if (decision.Action is FileAction.Write or FileAction.BackupAndWrite)
            {
                progress.Step("files", $"writing {paths.Relative(path)}");
                FileStore.Write(path, file.Content, file.Audience);
                if (plan.Apps.FirstOrDefault(a => $"{a.Definition.Name}.env" == file.Name) is { Assumed: { Count: > 0 } assumed } app)
                    progress.Note(file.Name, $"Set for app {app.Definition.Name}, because its sources assume instance 0 otherwise: {string.Join(", ", assumed.Keys)}.");
            }

            if (decision.Action == FileAction.Keep && record?.Files.GetValueOrDefault(decision.Name) is { } earlier)
                hashes[decision.Name] = earlier;
        }

        // The engine would create them as root, and a service with another user could not write there.
        foreach (var folder in plan.DataFolders)
            Directory.CreateDirectory(folder);
        var next = new InstanceRecord
        {
            Project = plan.Spec.Project,
            Ports = plan.Ports,
            Services = [.. plan.Model.WithoutScaledToZero().Services.Select(s => s.Name)],
            Files = hashes,
            MadeFrom = plan.MadeFrom,
            Kept = KeptFiles.Report(plan, decisions, record, progress),
            Subnets = plan.Subnets.Assignments.Count > 0 ? plan.Subnets : null,
            Footprint = record?.Footprint,
            AppliedModel = record?.AppliedModel,
            Pm2Home = record?.Pm2Home,
            Infra = record?.Infra,
            ShownNotes = record?.ShownNotes,
            LackedDocker = record?.LackedDocker ?? false,
            Shared = plan.Spec.Shared?.Services,
            Embedded = record?.Embedded,
            Containers = record?.Containers,
            Untranslated = InstancePlanner.Unknown(plan.Mentions).Count(),
            UntranslatedInApps = record?.UntranslatedInApps ?? 0,
        }.ToJson();
        if (FileStore.ReadText(paths.Record) != next)
            InstanceStore.WriteRecord(paths, next);
        foreach (var note in plan.Notes)
            progress.Note("compose", note);
    }

    /// <summary>Two instances of a workspace whose ports conflict can't run side by side.</summary>
    private void RefuseClash(InstanceSpec spec, PortPlan ports)
    {
        foreach (var number in store.ListInstances().Where(n => n != ports.Instance))
        {
            var record = InstanceStore.FindRecord(spec.Paths with { Number = number });
            if (record is not null && ports.FindClash(record.Ports) is var (mine, theirs))
            {
                throw InstanceKitException.Usage(
                    $"Instance {ports.Instance} conflicts with instance {number}: {mine.Name} of instance "
                    + $"{ports.Instance} and {theirs.Name} of instance {number} would both use port {mine.Port}.",
                    ports.Instance == 0
                        ? $"Instance 0 has the workspace's own ports. Plan those of instance {number} again: {options.Next.For("InitInstance", number)}"
                        : $"Choose another number, or remove the other instance: {options.Next.For("Clean", number)}");
            }
        }
    }

    private static void ReportTies(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, IReadOnlyList<string> ties, InstanceProgress progress)
    {
        var file = plan.Spec.Paths.Relative(plan.Spec.Paths.Override);
        var isEdited = decisions.Any(d => d.Name == Path.GetFileName(file) && d.Action == FileAction.Keep);
        if (!isEdited)
        {
            throw new InstanceKitException(
                ExitCode.Failed,
                $"{plan.Spec.Title} is not isolated after {file} was written:\n"
                + string.Join('\n', ties.Select(t => $"    {t}")),
                "This is a bug in ShipSec.Build. Please report it with the compose file.");
        }

        foreach (var tie in ties)
            progress.Note("compose", $"Because of the edits in {file}, {tie}.");
    }

    private static string SourceOf(InstancePlan plan, FileDecision decision) =>
        decision.Action != FileAction.Keep && plan.Files.First(f => f.Name == decision.Name).Source is { } source
            ? $" (from {source})"
            : "";
}

/// <summary>Reports what a new plan moved.</summary>
internal static class RepairNote
{
    /// <summary>The note: every port and address range that is another one now; none if nothing moved without a repair.</summary>
    /// <param name="record">The instance as it was.</param>
    /// <param name="plan">The new plan of the instance.</param>
    /// <param name="isRepair">Whether it was planned again on request.</param>
    public static IEnumerable<string> Of(InstanceRecord record, InstancePlan plan, bool isRepair)
    {
        var ports = plan.Ports.Assignments
            .Select(a => (New: a, Old: record.Ports.Find(a.Owner, a.BasePort, a.Protocol)))
            .Where(p => p.Old is not null && p.Old.Port != p.New.Port)
            .Select(p => $"{p.New.Name} {p.Old!.Port} → {p.New.Port} ({p.New.Reason})");
        var ranges = plan.Subnets.Assignments
            .Select(a => (New: a, Old: record.Subnets?.Assignments.FirstOrDefault(o => o.Network == a.Network && o.BaseRange == a.BaseRange)))
            .Where(r => r.Old is not null && r.Old.Range != r.New.Range)
            .Select(r => $"network {r.New.Network} {r.Old!.Range} → {r.New.Range}");
        var moved = ports.Concat(ranges).ToList();
        return moved.Count > 0
            ? [$"{(isRepair ? "Repair moved" : "Instance 0 has the workspace's own ports; moved")} {string.Join(", ", moved)}. The next Up restarts what is running."]
            : isRepair ? ["Repair changed nothing: every port and address range already matches a new plan."] : [];
    }
}

/// <summary>Hashes the sources of an instance's files, by names that a user knows.</summary>
internal static class SourceHashes
{
    /// <summary>The hash of each source; files by their paths, relative to the workspace.</summary>
    /// <param name="read">What its compose model was read from.</param>
    public static IReadOnlyDictionary<string, string> Of(
        InstancePlan plan, ComposeSnapshot? read, IEnumerable<EnvSource> sources)
    {
        var spec = plan.Spec;
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["the port plan"] = ContentHash.Of(plan.Ports.Assignments.Select(a => $"{a.Name} {a.Port}/{a.Protocol}")),
            ["the stack name"] = ContentHash.Of(spec.Project),
            [SourceChanges.Tool] = typeof(InstanceRecord).Assembly.GetName().Version!.ToString(),
            ["the workspace's location"] = ContentHash.Of(spec.Workspace),
        };
        if (read is not null)
        {
            result["the shell's variables"] = ContentHash.Of(read.Variables.SelectMany(v => new[] { v.Key, v.Value }));
            foreach (var (path, text) in read.Texts)
                result[spec.Paths.Relative(path)] = ContentHash.Of(text);
        }

        if (plan.Apps.Any(a => a.Assumed.Count > 0))
            result["the defaults in the sources"] = ContentHash.Of(plan.Apps.SelectMany(a => a.Assumed.Keys.Append(a.ProcessName)));
        foreach (var source in sources.SelectMany(s => s.Layers.Prepend(s)))
            result[source.Path] = ContentHash.Of(source.Text);
        foreach (var path in plan.Files.Select(f => f.Source).Append(spec.Stack.StackFile).OfType<string>())
        {
            if (!result.ContainsKey(path) && FileStore.ReadText(Path.Combine(spec.Workspace, path)) is { } text)
                result[path] = ContentHash.Of(text);
        }

        return result;
    }
}

/// <summary>Reports edited files: that they are kept, how they differ, and what has changed since.</summary>
internal static class KeptFiles
{
    /// <summary>Reports each, and returns what to record of it.</summary>
    public static IReadOnlyDictionary<string, KeptFile> Report(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceRecord? record, InstanceProgress progress)
    {
        var paths = plan.Spec.Paths;
        var result = new SortedDictionary<string, KeptFile>(StringComparer.Ordinal);
        foreach (var decision in decisions.Where(d => d.Action == FileAction.Keep))
        {
            var path = Path.Combine(paths.Directory, decision.Name);
            if (FileStore.ReadText(path) is not { } found)
                continue;
            var file = plan.Files.First(f => f.Name == decision.Name);
            var earlier = record?.Kept.GetValueOrDefault(decision.Name)
                ?? new KeptFile(record?.MadeFrom ?? new Dictionary<string, string>(), "");
            var diff = FileDiff.Between(paths.Relative(path), found, file.Content, earlier.Shown);
            progress.Note(decision.Name, $"{diff.File} was edited and is kept; InitInstance --force overwrites it."
                + Missed(plan, file, earlier, record));
            progress.Differs(diff);
            result[decision.Name] = earlier with { Shown = diff.Hash };
        }

        return result;
    }

    /// <summary>A source change that does not affect the file is not reported.</summary>
    private static string Missed(InstancePlan plan, GeneratedFile file, KeptFile earlier, InstanceRecord? record)
    {
        if (earlier.MadeFrom.Count == 0 || record?.Files.GetValueOrDefault(file.Name) == ContentHash.Of(file.Content))
            return "";
        var changes = SourceChanges.Find(earlier.MadeFrom, plan.MadeFrom, file.Source, plan.SourcesOfOthers(file));
        return changes.Count == 0 ? "" : $" Since then {string.Join(", ", changes)}; your edited file does not include this.";
    }
}

/// <summary>Proves that an instance uses nothing that another instance on this machine uses, and records what it uses.</summary>
internal sealed class NeighbourProof(NextCommand next, InstanceStore store, IReadOnlyList<INeighbours> neighbours)
{
    private const int MostShown = 5;

    /// <summary>Compares what the merged model uses with all that is known; records it if nothing conflicts.</summary>
    /// <remarks>
    /// It is recorded only after the comparison, and both in one turn: of two that meet, the second is refused, and leaves
    /// nothing that would stand in the way of the first.
    /// </remarks>
    /// <exception cref="InstanceKitException">Another instance has some of it.</exception>
    public async Task RequireAsync(InstancePlan plan, ComposeModel merged, CancellationToken cancellation)
    {
        var footprint = InstanceFootprint.Of(merged, plan.Ports);
        using var turn = await store.TakeTurnAsync("workspace", FileLock.ShortTurn, null, cancellation);
        foreach (var neighbour in neighbours.SelectMany(n => n.Of(plan.Spec)))
        {
            if (FootprintClash.Find(footprint, neighbour.Footprint) is not { Count: > 0 } clashes)
                continue;
            Record(plan.Spec.Paths, null);
            throw Refusal(plan.Spec, neighbour, clashes, next);
        }

        Record(plan.Spec.Paths, footprint);
    }

    /// <summary>The address ranges of all other instances, where the compose files fix any.</summary>
    public IReadOnlyList<string> HeldRanges(InstanceSpec spec, ComposeModel model) =>
        model.Networks.All(n => n.Subnets.Count == 0)
            ? []
            : [.. neighbours.SelectMany(n => n.Of(spec)).SelectMany(n => n.Footprint.Subnets)];

    private static void Record(InstancePaths paths, InstanceFootprint? footprint)
    {
        var text = FileStore.ReadText(paths.Record) ?? "";
        if (InstanceRecord.TryParse(text) is { } record && (record with { Footprint = footprint }).ToJson() is var next && next != text)
            InstanceStore.WriteRecord(paths, next);
    }

    private static InstanceKitException Refusal(
        InstanceSpec spec, NeighbourInstance neighbour, IReadOnlyList<FootprintClash> clashes, NextCommand next)
    {
        var isOurs = neighbour.Workspace == spec.Workspace;
        var isShared = StackDefinition.IsSharedProject(neighbour.Project);
        var name = StackDefinition.NameOf(neighbour.Number, neighbour.Project) + (isOurs ? "" : isShared ? $" {neighbour.Project}" : $" of {neighbour.Workspace}");
        var more = clashes.Count > MostShown ? $"\n    and {clashes.Count - MostShown} more" : "";
        return InstanceKitException.Usage(
            $"{spec.Title} is not started; {name} already uses:\n"
            + string.Join('\n', clashes.Take(MostShown).Select(c => $"    {c}")) + more,
            isShared && !isOurs ? "Choose another number, or share it: --infra shared." : $"Choose another number, or remove the other instance: "
            + (isOurs ? next.For("Clean", neighbour.Number) : $"{next.OfMachine($"Clean --instance {neighbour.Number}")} in {ShellQuote.Word(neighbour.Workspace)}"));
    }
}
