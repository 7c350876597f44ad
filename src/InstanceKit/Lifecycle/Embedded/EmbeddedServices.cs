using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>Runs the services of an instance as processes under PM2, and describes them as an engine would its containers.</summary>
internal sealed class EmbeddedServices(ManagerContext context)
{
    private const string EcosystemName = "services.json";

    /// <summary>Chooses for all services of a plan.</summary>
    /// <exception cref="InstanceKitException">A tool could not be fetched.</exception>
    public async Task<IReadOnlyList<EmbeddedChoice>> ChooseAsync(
        InstancePlan plan, InstanceProgress progress, CancellationToken cancellation)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var tools = new EmbeddedTools(context.Options.ToolsDirectory, path, m => progress.Step("tools", m));
        var choices = await new EmbeddedPlanner(tools, []).ChooseAsync(plan.Spec, plan.Model, plan.Ports, cancellation);

        // Nothing of the stack can run this way: what is missing is the engine, and its error says so.
        if (context.Options.Infra == InfraMode.Auto && choices.All(c => c.Process is null))
            await context.Docker.RequireEngineAsync(cancellation);
        return choices;
    }

    /// <summary>What is kept of choices, so that later commands find the processes.</summary>
    public static IReadOnlyList<RecordedService> Record(IReadOnlyList<EmbeddedChoice> choices) =>
        [.. choices.Select(c => new RecordedService(
            c.Name, c.Process is null ? null : c.Service.ProcessName, c.Process?.Port, c.Skipped))];

    /// <summary>Starts services one after the other; what PM2 still lists of them is taken off first.</summary>
    public async Task<ProcessResult> StartAsync(
        InstanceSpec spec, IReadOnlyList<EmbeddedChoice> choices, IReadOnlyList<string> services, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var file = Path.Combine(spec.Paths.Directory, EcosystemName);
        InstanceDirectory.Write(file, EmbeddedEcosystem.Create(choices).Json);
        Directory.CreateDirectory(spec.Paths.Logs);
        var pm2 = await context.Pm2.ForAsync(spec, _ => { }, cancellation);
        foreach (var choice in choices.Where(c => c.Process is not null && services.Contains(c.Name)))
        {
            progress.Step(choice.Name, "starting");
            Directory.CreateDirectory(choice.Service.DataFolder);
            foreach (var (path, text) in choice.Process!.Files)
                InstanceDirectory.Write(path, text);
            await pm2.DeleteAsync([choice.Service.ProcessName], cancellation);
            await pm2.StartAsync(file, choice.Service.ProcessName, cancellation);
        }

        return new ProcessResult(0, "", "");
    }

    /// <summary>Ends the services' processes.</summary>
    public async Task RemoveAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        if (processes.Count == 0)
            return;
        var pm2 = await context.Pm2.ForAsync(spec, _ => { }, cancellation);
        foreach (var service in Recorded(spec).Where(s => processes.Any(p => p.Name == s.ProcessName)))
        {
            progress.Step(service.Service, "stopping");
            await pm2.DeleteAsync([service.ProcessName!], cancellation);
            progress.Done(service.Service, "removed");
        }
    }

    /// <summary>The PM2 names of an instance's services.</summary>
    public static IReadOnlySet<string> ProcessNamesOf(InstanceSpec spec) =>
        Recorded(spec).Select(s => s.ProcessName).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The processes of the services, as PM2 lists them.</summary>
    public async Task<IReadOnlyList<ObservedProcess>> ProcessesAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var names = ProcessNamesOf(spec);
        return names.Count == 0 ? [] : await new Observer(context).ObserveProcessesAsync(spec, p => names.Contains(p.Name), cancellation);
    }

    /// <summary>The services as containers: a process is running, and healthy when its port answers.</summary>
    public async Task<IReadOnlyList<ObservedContainer>> ObserveAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var processes = await ProcessesAsync(spec, cancellation);
        if (processes.Count == 0)
            return [];
        var services = await Task.WhenAll(Recorded(spec).Select(s => ObserveAsync(
            s, processes.FirstOrDefault(p => p.Name == s.ProcessName), cancellation)));
        return [.. services.OfType<ObservedContainer>()];
    }

    /// <summary>The last lines that a service wrote.</summary>
    public static async Task<IReadOnlyList<string>> TailAsync(
        InstanceSpec spec, string service, int count, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var path in AppLogs.PathsOf(spec, EmbeddedEntry.LogStemOf(service)))
            lines.AddRange(await AppLogs.TailAsync(path, count, cancellation));
        return lines;
    }

    private static IReadOnlyList<RecordedService> Recorded(InstanceSpec spec) =>
        InstanceDirectory.ReadRecord(spec.Paths)?.Embedded ?? [];

    private static async Task<ObservedContainer?> ObserveAsync(
        RecordedService service, ObservedProcess? process, CancellationToken cancellation)
    {
        if (service.Skipped is { } reason)
        {
            return new ObservedContainer
            {
                Id = "", Name = "", Service = service.Service, State = ContainerState.Exited, StaysEnded = true, Skipped = reason,
            };
        }

        if (process is null)
            return null;
        var state = StateOf(process.State);
        var answers = state == ContainerState.Running && await PortProbe.AnswersAsync(service.Port!.Value, cancellation);
        return new ObservedContainer
        {
            Id = process.Name,
            Name = process.Name,
            Service = service.Service,
            State = state,
            Health = state != ContainerState.Running ? ContainerHealth.None : answers ? ContainerHealth.Healthy : ContainerHealth.Starting,
            ExitCode = process.State == ProcessState.Errored ? 1 : 0,
            RestartCount = process.Restarts,
            StartedAt = process.StartedAt,
            StaysEnded = process.State == ProcessState.Errored,
        };
    }

    private static ContainerState StateOf(ProcessState state) => state switch
    {
        ProcessState.Online or ProcessState.Launching => ContainerState.Running,
        ProcessState.WaitingRestart => ContainerState.Restarting,
        _ => ContainerState.Exited,
    };
}
