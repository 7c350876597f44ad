using InstanceKit;
using InstanceKit.Addresses;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Build.Tests.Rendering;

/// <summary>Instances and reports as they look in real life, at a fixed time.</summary>
internal static class Specimens
{
    public const string Workspace = "/home/ann/studio";

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 22, 15, 0, TimeSpan.Zero);

    private static readonly StackDefinition Stack = StudioStack.Create();

    public static InstanceSpec Spec(int number) => new(Stack, Workspace, number);

    public static PortPlan Ports(int number) => PortPlanner.Plan(Stack, [], number);

    /// <summary>Everything runs and is ready.</summary>
    public static InstanceStatus Ready(int number) => Status(number, [.. Services.Select(Running)], [.. Apps(number)]);

    /// <summary>One service has failed, one is slow, and an app listens elsewhere.</summary>
    public static InstanceStatus Troubled(int number) => Status(
        number,
        [
            .. Services.Select(s => s switch
            {
                "minio" => Running(s) with { State = ContainerState.Exited, ExitCode = 1, StaysEnded = true, RestartCount = 2, Use = null },
                "redpanda" => Running(s) with { Health = ContainerHealth.Starting },
                _ => Running(s),
            }),
        ],
        [.. Apps(number).Select(a => a.Name.Contains("frontend", StringComparison.Ordinal) ? a with { ListensOn = [5274] } : a)]);

    /// <summary>Its files exist, and nothing runs.</summary>
    public static InstanceStatus Down(int number) => Status(number, [], []);

    /// <summary>It does not exist.</summary>
    public static InstanceStatus Absent(int number) => Down(number) with { IsInitialized = false };

    public static InstanceInfo Info(int number) => new(
        Spec(number), true, Ports(number),
        Stack.Apps.ToDictionary(a => a.Name, a => InstanceVariables.For(Spec(number), Ports(number), a)));

    /// <summary>What becomes of one place of each kind.</summary>
    public static InstanceAudit Audit(int number) => new(Spec(number),
    [
        new Mention("backend/.env:3", 12, "localhost:5433", MentionForm.HostAndPort, MentionDecision.Translated) { To = "localhost:5533" },
        new Mention("services.proxy.healthcheck.test", 4, "localhost:80", MentionForm.HostAndPort, MentionDecision.Kept) { Reason = "a health check asks the container itself" },
        new Mention("worker/src/env.ts:18", 0, "localhost:3211", MentionForm.HostAndPort, MentionDecision.Set)
        {
            To = "localhost:3311", Reason = "BACKEND_URL is set for app worker",
        },
        new Mention("frontend/vite.config.ts:39", 0, "localhost:5601", MentionForm.HostAndPort, MentionDecision.Unknown) { Reason = "no variable replaces it" },
    ]);

    public static OperationReport Report(int number, Outcome outcome, params Operation[] operations) => new()
    {
        Instance = number,
        Project = Spec(number).Project,
        Outcome = outcome,
        Plan = new OperationPlan(operations),
        Elapsed = TimeSpan.FromSeconds(8.24),
    };

    public static OperationReport Failed(int number, ExitCode exitCode) => Report(number, Outcome.Failed) with
    {
        Error = new InstanceKitException(
            exitCode, $"Port {5173 + (number * 100)} of frontend is taken by node (process 4711).",
            "End that process, or use another instance."),
    };

    /// <summary>What a first Up does.</summary>
    public static Operation[] FirstUp { get; } =
    [
        new(OperationKind.WriteFile, ".instances/instance-1/backend.env", "does not exist (from backend/.env)"),
        new(OperationKind.KeepFile, ".instances/instance-1/worker.env", "was edited"),
        new(OperationKind.StartService, "postgres", "no container"),
        new(OperationKind.StartService, "redis", "exited with code 137"),
        new(OperationKind.StartApp, "shipsec-backend-1", "no process"),
    ];

    private static string[] Services { get; } =
        ["postgres", "temporal", "temporal-ui", "minio", "minio-init", "redis", "loki", "redpanda", "redpanda-console"];

    private static InstanceStatus Status(int number, IReadOnlyList<ObservedContainer> containers, IReadOnlyList<ObservedProcess> processes) =>
        InstanceStatus.Create(
            Spec(number), true, Services, Ports(number), new ObservedState(containers, processes, null), Now) with { Branch = "feature/search" };

    private static ObservedContainer Running(string service) => new()
    {
        Id = "0123456789ab",
        Name = $"shipsec-dev-1-{service}-1",
        Service = service,
        State = service == "minio-init" ? ContainerState.Exited : ContainerState.Running,
        StaysEnded = service == "minio-init",
        Health = service is "minio-init" or "temporal-ui" ? ContainerHealth.None : ContainerHealth.Healthy,
        StartedAt = Now - new TimeSpan(3, 12, 7),
        Use = service == "minio-init" ? null : new ResourceUse
        {
            Cpu = TimeSpan.FromSeconds(service.Length * 9), Memory = 21_000_000L * service.Length,
            NetworkReceived = 1_200_000, NetworkSent = 830, BlockRead = 0, BlockWritten = 52_428_800,
        },
    };

    private static IEnumerable<ObservedProcess> Apps(int number) => Stack.Apps.Select(app => new ObservedProcess
    {
        Name = Spec(number).ProcessNameOf(app),
        Pid = 4000 + number,
        State = ProcessState.Online,
        Restarts = app.Name == "worker" ? 2 : 0,
        StartedAt = Now - TimeSpan.FromSeconds(125),
        Use = new ResourceUse { Cpu = TimeSpan.FromSeconds(48), Memory = 1_400_000_000, BlockRead = 4096, BlockWritten = 12_000 },
        ListensOn = app.PortName is { } port ? [Ports(number).PortOf(port)] : [],
    });
}
