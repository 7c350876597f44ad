using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>Runs the services of an instance as processes under PM2, and describes them as an engine would its containers.</summary>
internal sealed class EmbeddedServices(ManagerOptions options, Infrastructure infrastructure, Lazy<EngineClient> engine, Pm2Access access)
{
    private const string EcosystemName = "services.json";

    /// <summary>Chooses for all services of a plan.</summary>
    /// <exception cref="InstanceKitException">A tool could not be fetched.</exception>
    public async Task<IReadOnlyList<EmbeddedChoice>> ChooseAsync(
        InstancePlan plan, InstanceProgress progress, CancellationToken cancellation)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var tools = new EmbeddedTools(options.ToolsDirectory, path, m => progress.Step("tools", m));
        var infra = plan.Spec.Stack.Infra;
        RequireKnown(plan, [.. infra.Optional, .. infra.Commands.Select(c => c.Service), .. plan.Apps.SelectMany(a => a.Definition.Optional)]);
        var lacking = await infrastructure.NameMissingAsync(cancellation);
        var choices = await new EmbeddedPlanner(tools, infra.Commands, lacking).ChooseAsync(plan.Spec, plan.Model, plan.Ports, cancellation);

        // If no service can run this way, report the missing engine.
        if (infrastructure.Wanted == InfraMode.Auto && choices.All(c => c.Process is null))
            await engine.Value.RequireEngineAsync(cancellation);
        RequireOptional(plan, choices, lacking);
        foreach (var choice in choices)
        {
            if (choice.Skipped is { } reason)
                progress.Note(choice.Name, $"{choice.Name} is skipped: {reason}.");
            foreach (var note in choice.Process?.Notes ?? [])
                progress.Note(choice.Name, $"{choice.Name}: {note}.");
        }

        return choices;
    }

    private static void RequireKnown(InstancePlan plan, IReadOnlyList<string> named)
    {
        if (named.FirstOrDefault(n => plan.Model.Services.All(s => s.Name != n) && plan.Spec.Shared?.Services.Contains(n) is not true) is { } unknown)
        {
            throw InstanceKitException.Usage(
                $"{StackFile.FileName}: '{unknown}' under infra or optional is not a service of the compose files.",
                $"The services are {string.Join(", ", plan.Model.Services.Select(s => s.Name))}.");
        }
    }

    /// <summary>An app whose service is not there would only fail later, and less clearly.</summary>
    private static void RequireOptional(InstancePlan plan, IReadOnlyList<EmbeddedChoice> choices, string lacking)
    {
        var missing = plan.Apps
            .SelectMany(a => a.Needs.Select(n => (App: a.Definition, Choice: choices.FirstOrDefault(c => c.Name == n.Service))))
            .Where(n => n.Choice is { Skipped: not null } choice && !plan.Spec.Stack.Infra.IsOptional(choice.Name, n.App))
            .Select(n => (n.App.Name, Service: n.Choice!.Name, Reason: n.Choice.Skipped!)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        var services = missing.Select(m => m.Service).Distinct().ToList();
        throw new InstanceKitException(
            ExitCode.Prerequisite,
            $"{plan.Spec.Title} can't run without {lacking}: "
            + string.Join("; ", missing.Select(m => $"app {m.Name} needs {m.Service}, which {m.Reason}")) + ".",
            "Install what is missing, start a Docker engine, or, if the apps work without it, mark it as optional in "
            + $"{StackFile.FileName}: infra: {{optional: [{string.Join(", ", services)}]}}");
    }

    /// <summary>The PM2 ecosystem of an instance's services.</summary>
    public static string EcosystemOf(InstanceSpec spec) => Path.Combine(spec.Paths.Directory, EcosystemName);

    /// <summary>What is recorded of the choices, so that later commands find the processes.</summary>
    public static IReadOnlyList<RecordedService> Record(IReadOnlyList<EmbeddedChoice> choices) =>
        [.. choices.Select(c => new RecordedService(
            c.Name, c.Process is null ? null : c.Service.ProcessName, c.Process?.Port, c.Skipped) { Serves = c.Process?.Serves, ServedBy = c.ServedBy })];

    /// <summary>Starts services with one call; their existing PM2 entries are deleted first.</summary>
    public async Task<ProcessResult> StartAsync(
        InstanceSpec spec, IReadOnlyList<EmbeddedChoice> choices, IReadOnlyList<string> services, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var file = EcosystemOf(spec);
        FileStore.Write(file, EmbeddedEcosystem.Create(choices).Json);
        FileStore.CreatePrivate(spec.Paths.Logs);
        var pm2 = await access.ForAsync(spec, _ => { }, cancellation);
        var wanted = choices.Where(c => c.Process is not null && services.Contains(c.Name)).ToList();
        foreach (var choice in wanted)
        {
            progress.Step(choice.Name, "starting");
            EmbeddedPlace.Prepare(choice);
            FileStore.CreatePrivateFiles(AppLogs.PathsOf(spec, EmbeddedEntry.LogStemOf(choice.Name)));
        }

        var names = wanted.Select(c => c.Service.ProcessName).ToList();
        await pm2.DeleteAsync(names, cancellation);
        if (names.Count > 0)
            await pm2.StartAsync(file, names, cancellation);
        return new ProcessResult(0, "", "");
    }

    /// <summary>Ends the services' processes.</summary>
    public async Task RemoveAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        if (processes.Count == 0)
            return;
        var pm2 = await access.ForAsync(spec, _ => { }, cancellation);
        var recorded = ServiceProcesses.Recorded(spec);
        var services = processes.Select(p => recorded.FirstOrDefault(s => s.ProcessName == p.Name)?.Service ?? p.Name).ToList();
        foreach (var service in services)
            progress.Step(service, "stopping");
        await pm2.DeleteAsync(processes.Select(p => p.Name), cancellation);
        foreach (var service in services)
            progress.Done(service, "removed");
    }

    /// <summary>The services as containers: a process is running, and healthy when its port answers.</summary>
    public static async Task<IReadOnlyList<ObservedContainer>> ObserveAsync(
        InstanceSpec spec, ProcessSnapshot look, Measure measure, CancellationToken cancellation)
    {
        var processes = look.Describe(ServiceProcesses.IsService(spec), measure);
        if (processes.Count == 0)
            return [];
        var recorded = InstanceStore.ReadRecord(spec.Paths)?.Embedded ?? [.. processes.Select(p => FromProcess(spec, p))];
        var services = await Task.WhenAll(recorded.Where(s => s.ServedBy is null).Select(s => ObserveAsync(
            s, processes.FirstOrDefault(p => p.Name == s.ProcessName), look, cancellation)));
        var observed = services.OfType<ObservedContainer>().ToList();
        return
        [
            .. observed,
            .. recorded.Where(s => s.ServedBy is not null)
                .SelectMany(s => observed.Where(o => o.Service == s.ServedBy).Select(o => o with { Service = s.Service, Serves = null, Use = null })),
        ];
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

    /// <summary>The state of a service whose record is lost: its process has its name and listens on its port.</summary>
    private static RecordedService FromProcess(InstanceSpec spec, ObservedProcess process) => new(
        process.Name[EmbeddedService.ProcessPrefixOf(spec.Stack.Name).Length..^$"-{spec.Number}".Length], process.Name,
        process.ListensOn.Count > 0 ? process.ListensOn.Min() : 0, Skipped: null);

    private static async Task<ObservedContainer?> ObserveAsync(
        RecordedService service, ObservedProcess? process, ProcessSnapshot look, CancellationToken cancellation)
    {
        if (service.ProcessName is null)
        {
            return new ObservedContainer
            {
                Id = "", Name = "", Service = service.Service, State = ContainerState.Exited, StaysEnded = true,
                Skipped = service.Skipped,
            };
        }

        if (process is null)
            return null;
        var state = StateOf(process.State);
        var isRunning = state == ContainerState.Running;
        var port = service.Port!.Value;
        var answers = isRunning && process.ListensOn.Contains(port) && await PortProbe.AnswersAsync(port, cancellation);
        return new ObservedContainer
        {
            Id = process.Name,
            Name = process.Name,
            Service = service.Service,
            State = state,
            Lacks = isRunning && !process.ListensOn.Contains(port) && look.IsListenedTo(port) ? WhoHas(port, process) : null,
            Health = !isRunning ? ContainerHealth.None : answers ? ContainerHealth.Healthy : ContainerHealth.Starting,
            ExitCode = process.State == ProcessState.Errored ? 1 : 0,
            RestartCount = process.Restarts,
            StartedAt = process.StartedAt,
            StaysEnded = process.State == ProcessState.Errored,
            Serves = service.Serves,
            Use = process.Use,
        };
    }

    /// <summary>Who listens on a service's port instead of its own process; <see langword="null"/> where that is its own child.</summary>
    private static string? WhoHas(int port, ObservedProcess process) =>
        PortProbe.Probe([port]) is [var taken, ..] && (taken.Pid is not { } pid || !ProcessTree.Snapshot().IsWithin(pid, process.Pid))
            ? $"port {port} is already in use by {taken.Holder}"
            : null;

    private static ContainerState StateOf(ProcessState state) => state switch
    {
        ProcessState.Online or ProcessState.Launching => ContainerState.Running,
        ProcessState.WaitingRestart => ContainerState.Restarting,
        _ => ContainerState.Exited,
    };
}

/// <summary>The data and configuration files of a service's process.</summary>
internal static class EmbeddedPlace
{
    /// <summary>Makes the folders and files that a service's process needs before it starts.</summary>
    /// <param name="choice">A service that has a process.</param>
    /// <exception cref="IOException">They can't be created.</exception>
    public static void Prepare(EmbeddedChoice choice)
    {
        FileStore.CreatePrivate(choice.Service.DataFolder);
        foreach (var folder in choice.Process!.Folders)
            Directory.CreateDirectory(folder);
        foreach (var (path, text) in choice.Process.Files)
            FileStore.Write(path, text);
    }
}
