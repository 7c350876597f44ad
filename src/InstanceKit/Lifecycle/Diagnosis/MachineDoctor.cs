using System.Globalization;
using InstanceKit.Drivers;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Looks at everything that instances need of a machine, all at once. Nothing is installed, started or written.</summary>
/// <param name="options">What is looked at.</param>
public sealed class MachineDoctor(DoctorOptions options)
{
    private const string WatchesFile = "/proc/sys/fs/inotify/max_user_watches";

    /// <summary>Gathers the facts; what does not answer within five seconds is a fact too.</summary>
    public async Task<DiagnosisFacts> LookAsync(CancellationToken cancellation)
    {
        var programs = new ProgramProbe(options.RepositoryRoot, options.ToolsDirectory);
        var sdk = programs.SdkAsync(cancellation);
        var node = programs.NodeAsync(cancellation);
        var npm = programs.NpmAsync(cancellation);
        var compose = programs.ComposeAsync(cancellation);
        var git = programs.GitAsync(cancellation);
        var engine = EngineProbe.AskAsync(cancellation);
        var lookedAt = new WorkspaceProbe(options).LookAsync(cancellation);
        var listed = Probe.AskAsync(ListAsync, _ => [], cancellation);
        var workspace = await lookedAt;
        var instances = await listed;
        var chosen = workspace.Instances.Count(c => !instances.Any(i => i.Workspace == workspace.Path && i.Number == c.Number));
        var (total, available) = MachineMemory.Read();
        return new DiagnosisFacts
        {
            System = CurrentSystem.Value,
            Sdk = await sdk,
            Node = await node,
            Npm = await npm,
            Compose = await compose,
            Git = await git,
            Pm2 = programs.FindPm2(),
            Engine = await engine,
            Next = options.Next,
            Workspace = workspace.Path,
            WorkspaceProblem = workspace.Problem,
            Infra = workspace.Infra,
            Instances = workspace.Instances,
            Providers = workspace.Providers,
            Memory = new MemoryFact(total, available)
            {
                Instances = instances.Count + (workspace.Path is null ? 1 : chosen),
                Running = instances.Count(i => i.State is MachineState.Running),
                Measured = await MemoryProbe.MeasureAsync(instances, cancellation),
            },
            FileWatches = long.TryParse(SystemFile.Read(WatchesFile)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var watches)
                ? watches
                : null,
        };
    }

    private async Task<IReadOnlyList<MachineInstance>> ListAsync(CancellationToken cancellation)
    {
        using var machine = new InstanceMachine(options.ToolsDirectory, options.Workspace);
        return [.. (await machine.ListAsync(cancellation)).Instances.Where(i => !i.IsOrphaned)];
    }
}
