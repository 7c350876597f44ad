using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Ports;

namespace InstanceKit.Lifecycle;

/// <summary>Writes the files of an instance, keeps what a person edited, and proves that the instance stands alone.</summary>
internal sealed class InstanceSetup(ManagerContext context)
{
    private readonly NeighbourProof _proof = new(context);

    /// <summary>Decides everything about an instance; nothing is written.</summary>
    public async Task<InstancePlan> PlanAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var sources = StackLoader.ReadEnvSources(context.Workspace, context.Stack);
        var read = await context.Models.ReadAsync(spec, withOverride: false, cancellation);
        var notes = new List<string>();
        var configs = new ConfigReader(context.Workspace, notes).Read(read.Model);
        var record = InstanceDirectory.ReadRecord(spec.Paths);
        var isRepair = context.Options.Repair && record is not null;
        var plan = InstancePlanner.Create(spec, read.Model, sources, isRepair ? null : record, configs, _proof.HeldRanges(spec, read.Model));
        if (isRepair)
            notes.Add(RepairNote.Of(record!, plan));
        plan = plan with { Notes = [.. plan.Notes, .. notes], MadeFrom = SourceHashes.Of(plan, read.Snapshot, sources.Values) };
        RefuseClash(plan.Ports);
        return plan;
    }

    /// <summary>What would happen to each file.</summary>
    public IReadOnlyList<FileDecision> Decide(InstancePlan plan)
    {
        var paths = plan.Spec.Paths;
        var record = InstanceDirectory.ReadRecord(paths);
        return
        [
            .. plan.Files.Select(f => FileReconciler.Decide(
                f.Name, f.Content, ReadWritten(Path.Combine(paths.Directory, f.Name)),
                record?.Files.GetValueOrDefault(f.Name), context.Options.Force,
                SourceChanges.Cause(
                    record?.MadeFrom ?? new Dictionary<string, string>(), plan.MadeFrom, f.Source, plan.SourcesOfOthers(f)))),
        ];
    }

    /// <summary>Nobody empties a file to keep it so: that is what a power failure leaves of one that was just written.</summary>
    private static string? ReadWritten(string path) => InstanceDirectory.ReadSource(path) is { Length: > 0 } text ? text : null;

    /// <summary>The decisions as operations, with paths as a person would write them.</summary>
    public static OperationPlan Describe(InstancePlan plan, IReadOnlyList<FileDecision> decisions) => new(
    [
        .. decisions.Where(d => d.Action != FileAction.Leave).Select(d => new Operation(
            d.Action == FileAction.Keep ? OperationKind.KeepFile : OperationKind.WriteFile,
            plan.Spec.Paths.Relative(Path.Combine(plan.Spec.Paths.Directory, d.Name)),
            d.Cause + SourceOf(plan, d))),
    ]);

    /// <summary>Tells of the edited files of a run that writes nothing.</summary>
    public static void TellOfKept(InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress) =>
        KeptFiles.Report(plan, decisions, InstanceDirectory.ReadRecord(plan.Spec.Paths), progress);

    /// <summary>Writes what was decided, records it, and proves the result.</summary>
    /// <returns>The merged model, read back through Compose.</returns>
    /// <exception cref="InstanceKitException">The merged model still ties the instance to another one.</exception>
    public async Task<Stacks.ComposeModel> ApplyAsync(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress, CancellationToken cancellation)
    {
        await WriteAsync(plan, decisions, progress, cancellation);
        var merged = (await context.Models.ReadAsync(plan.Spec, withOverride: true, cancellation)).Model;
        var ties = ComposeProof.FindTies(merged, plan.Spec, plan.Ports, plan.Model);
        if (ties.Count > 0)
            ReportTies(plan, decisions, ties, progress);
        await _proof.RequireAsync(plan, merged, cancellation);
        await context.Leases.CompleteAsync(plan.Spec, cancellation);
        return merged;
    }

    private async Task WriteAsync(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceProgress progress, CancellationToken cancellation)
    {
        var paths = plan.Spec.Paths;
        using var turn = await context.TakeTurnAsync("workspace", FileLock.ShortTurn, m => progress.Step("files", m), cancellation);
        RefuseClash(plan.Ports);
        GitExclude.Ensure(context.Workspace);

        var record = InstanceDirectory.ReadRecord(paths);
        var hashes = plan.Files.ToDictionary(f => f.Name, f => ContentHash.Of(f.Content), StringComparer.Ordinal);
        foreach (var decision in decisions)
        {
            var path = Path.Combine(paths.Directory, decision.Name);
            var file = plan.Files.First(f => f.Name == decision.Name);
            if (decision.Action == FileAction.BackupAndWrite)
                progress.Note(decision.Name, $"{paths.Relative(path)} was edited; saved as {paths.Relative(InstanceDirectory.Backup(path))}.");
            if (decision.Action is FileAction.Write or FileAction.BackupAndWrite)
            {
                progress.Step("files", $"writing {paths.Relative(path)}");
                InstanceDirectory.Write(path, file.Content, file.Audience);
            }

            if (decision.Action == FileAction.Keep && record?.Files.GetValueOrDefault(decision.Name) is { } earlier)
                hashes[decision.Name] = earlier;
        }

        // The engine would make them too, but as the system's user, in whose folders a service of another user can't write.
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
            Embedded = record?.Embedded,
            Containers = record?.Containers,
        }.ToJson();
        if (InstanceDirectory.ReadText(paths.Record) != next)
            InstanceDirectory.Write(paths.Record, next, isDurable: true);
        foreach (var note in plan.Notes)
            progress.Note("compose", note);
    }

    /// <summary>Two instances of a workspace whose ports meet can't run side by side; neither may be made.</summary>
    private void RefuseClash(PortPlan ports)
    {
        foreach (var number in context.Directory.ListInstances().Where(n => n != ports.Instance))
        {
            var record = InstanceDirectory.FindRecord(context.Spec(number).Paths);
            if (record is not null && ports.FindClash(record.Ports) is var (mine, theirs))
            {
                throw InstanceKitException.Usage(
                    $"Instance {ports.Instance} can't be used beside instance {number}: {mine.Name} of instance "
                    + $"{ports.Instance} and {theirs.Name} of instance {number} would both be port {mine.Port}.",
                    $"Choose another number, or remove the other one: {context.Options.Next.For("Clean", number)}");
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
                $"Instance {plan.Spec.Number} is not isolated after {file} was written:\n"
                + string.Join('\n', ties.Select(t => $"    {t}")),
                "This is a defect of ShipSec.Build; please report it with the compose file.");
        }

        foreach (var tie in ties)
            progress.Note("compose", $"By the edits in {file}, {tie}.");
    }

    private static string SourceOf(InstancePlan plan, FileDecision decision) =>
        decision.Action != FileAction.Keep && plan.Files.First(f => f.Name == decision.Name).Source is { } source
            ? $" (from {source})"
            : "";
}
