using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Starting;
using InstanceKit.Tenants;

namespace InstanceKit.Tests.Fakes;

/// <summary>A step of a start that a test can let fail.</summary>
public enum StartStep
{
    StartServices,
    Observe,
    Answers,
    StartApps,
    Tail,
    Explain,
    Pause,
}

/// <summary>A start of instance 1 in a world of lists: what it does is written down, and what happens meanwhile is up to the test.</summary>
internal sealed class FakeStart : IStartActions, IProgress<InstanceEvent>
{
    public static readonly AppPlan Backend = App("backend", new AppNeed("postgres", 5533));
    public static readonly AppPlan Frontend = App("frontend");
    public static readonly ComposeService Postgres = Service("postgres");
    public static readonly ComposeService Temporal = Service("temporal", "postgres");
    public static readonly ComposeService Redis = Service("redis");

    private static readonly ProcessResult Success = new(0, "", "");

    private readonly Queue<Action> _moments = [];

    public FakeClock Clock { get; } = new();

    /// <summary>The containers by service, and the processes by name.</summary>
    public Dictionary<string, ObservedContainer> Containers { get; } = [];

    public Dictionary<string, ObservedProcess> Processes { get; } = [];

    /// <summary>The ports that accept connections; <see langword="null"/> for all.</summary>
    public HashSet<int>? Answering { get; set; }

    /// <summary>Called at each step, with the token that may cancel it.</summary>
    public Func<StartStep, CancellationToken, Task> At { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What Compose ends with.</summary>
    public Func<IReadOnlyList<string>, ProcessResult> Compose { get; set; } = _ => Success;

    /// <summary>The services with dependencies, all to be started.</summary>
    public IReadOnlyList<ComposeService> Services { get; set; } = [];

    /// <summary>What prepares the instance's part of shared services; <see langword="null"/> where it has none.</summary>
    public Func<CancellationToken, Task>? Provision { get; set; }

    /// <summary>How many processors the machine has.</summary>
    public int Processors { get; set; } = 16;

    /// <summary>The apps, all to be started.</summary>
    public IReadOnlyList<AppPlan> Apps { get; set; } = [];

    /// <summary>Apps that are to be restarted, by their names.</summary>
    public HashSet<string> Restarted { get; } = [];

    /// <summary>What was done and reported, in order.</summary>
    public List<string> Log { get; } = [];

    public StartSequence? Sequence { get; private set; }

    public static InstanceSpec Spec { get; } = Studio.Spec(1);

    public static ComposeService Service(string name, params string[] healthy) => new()
    {
        Name = name, DependsOn = healthy.ToDictionary(h => h, _ => ServiceGate.Healthy),
    };

    public static AppPlan App(string name, params AppNeed[] needs) => Studio.AppPlan(1, name) with { Needs = needs };

    /// <summary>What happens at the next pause. When nothing is left to happen, a second passes at each pause.</summary>
    public FakeStart Then(Action happens)
    {
        _moments.Enqueue(happens);
        return this;
    }

    public void Set(
        string service, ContainerState state = ContainerState.Running, ContainerHealth health = ContainerHealth.None, long exitCode = 0, long restarts = 0,
        string id = "new") => Containers[service] = new ObservedContainer
        {
            Id = $"{id} {service}", Name = service, Service = service, State = state, Health = health, ExitCode = exitCode, RestartCount = restarts, StaysEnded = true,
        };

    public void Set(AppPlan app, ProcessState state = ProcessState.Online, bool listens = true, int restarts = 0, int? exitCode = null) =>
        Processes[app.ProcessName] = new ObservedProcess
        {
            Name = app.ProcessName, Pid = 7, State = state, Restarts = restarts, ExitCode = exitCode, StartedAt = Clock.GetUtcNow(),
            ListensOn = listens && app.Port is { } port ? [port] : [],
        };

    /// <summary>Starts, and returns what it ends with; the transcript is in <see cref="Log"/>.</summary>
    public Task<ObservedState> RunAsync(CancellationToken cancellation)
    {
        var wanted = Services.Select(s => s.Name).ToList();
        var plan = new InstancePlan
        {
            Spec = Provision is null ? Spec : Spec with { Shared = new SharedPart([], Studio.Ports(0), new Dictionary<int, Tenant>()) { Provision = Provision } }, Ports = Studio.Ports(1), Files = [], Apps = Apps, Notes = [], Model = new ComposeModel(Spec.Project, Services, [], [], ""),
        };
        var operations = new OperationPlan(
        [
            .. wanted.Select(s => new Operation(OperationKind.StartService, s, "no container")),
            .. Apps.Select(a => new Operation(Restarted.Contains(a.Definition.Name) ? OperationKind.RestartApp : OperationKind.StartApp, a.ProcessName, "no process")),
        ]);
        var before = Observed();
        var stages = new StagedStart(
            ServiceStage.Of(Services, wanted, ServiceStage.FindLater(Services, Apps)), wanted.Where(Containers.ContainsKey).ToHashSet(), (services, _, c) => StartServicesAsync(services, c));
        Sequence = new StartSequence(
            plan, operations, before, stages, this, new InstanceProgress(1, this),
            new ManagerOptions { Workspace = Spec.Workspace, ToolsDirectory = "/tools", Timeout = TimeSpan.FromSeconds(30) }, Processors, Clock);
        return Sequence.RunAsync(cancellation);
    }

    public async Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation)
    {
        await At(StartStep.Observe, cancellation);
        return Observed();
    }

    public void Renew() => Log.Add("renew");

    public async Task StartAppsAsync(IReadOnlyList<AppPlan> apps, IReadOnlyList<string> listed, CancellationToken cancellation)
    {
        Log.Add($"start apps {Words(apps.Select(a => a.Definition.Name))}{(listed.Count > 0 ? $", replacing {Words(listed)}" : "")}");
        await At(StartStep.StartApps, cancellation);
        foreach (var app in apps)
            Set(app);
    }

    public async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        await At(StartStep.Answers, cancellation);
        return Answering is null || Answering.Contains(port);
    }

    public async Task<IReadOnlyList<string>> TailAsync(ObservedState observed, string service, CancellationToken cancellation)
    {
        await At(StartStep.Tail, cancellation);
        return [$"last words of {service}"];
    }

    public async Task<InstanceKitException> ExplainAsync(ProcessResult failure, CancellationToken cancellation)
    {
        await At(StartStep.Explain, cancellation);
        return new InstanceKitException(ExitCode.Failed, $"explained: {failure.StandardError}");
    }

    public async Task PauseAsync(Blockers blocking, Task other, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await At(StartStep.Pause, cancellation);
        if (_moments.TryDequeue(out var happens))
            happens();
        else
            Clock.Advance(TimeSpan.FromSeconds(1));
    }

    void IProgress<InstanceEvent>.Report(InstanceEvent value)
    {
        if (value.Kind is InstanceEventKind.Done)
            Log.Add($"{value.Subject}: {value.Message}");
    }

    private async Task<ProcessResult> StartServicesAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        Log.Add($"start services {Words(services)}");
        await At(StartStep.StartServices, cancellation);
        return Compose(services);
    }

    private ObservedState Observed() => new([.. Containers.Values], [.. Processes.Values], null);

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Order(StringComparer.Ordinal));
}
