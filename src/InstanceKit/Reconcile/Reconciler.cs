using System.Text;
using InstanceKit.Engine;
using InstanceKit.Pm2;

namespace InstanceKit.Reconcile;

/// <summary>Compares the desired state with the observed state, and returns the changes, each with its cause.</summary>
internal static class Reconciler
{
    /// <summary>What has been started again this often will not become ready.</summary>
    public const int CrashLoopRestarts = 3;

    private const string Requested = "requested";
    private const string ModelChanged = "the compose model changed or was never fully applied";

    /// <summary>The changes that bring an instance up; empty when it is up to date.</summary>
    public static OperationPlan Up(DesiredState desired, ObservedState observed)
    {
        var operations = new List<Operation>();
        var modelChanged = observed.AppliedModel != desired.ModelFingerprint;
        foreach (var service in desired.Services)
        {
            var container = observed.ContainerOf(service);
            if (CauseToStart(container, modelChanged) is { } cause)
                operations.Add(new Operation(OperationKind.StartService, service, cause) { Replaces = IsToBeReplaced(container) });
        }

        foreach (var process in observed.Processes.Where(p => p.Owner is not null && desired.Apps.All(a => a.ProcessName != p.Name)))
            operations.Add(new Operation(OperationKind.RemoveApp, process.Name, "no longer part of the stack"));
        foreach (var app in desired.Apps)
        {
            if (ReconcileApp(app, observed.ProcessOf(app.ProcessName)) is { } operation)
                operations.Add(operation);
        }

        return new OperationPlan(operations);
    }

    /// <summary>The changes that take an instance down; its volumes stay.</summary>
    public static OperationPlan Down(ObservedState observed) => new(
    [
        .. observed.Processes.Select(p => new Operation(OperationKind.RemoveApp, p.Name, StateWord.Of(p.State))),
        .. observed.Containers.Select(c => new Operation(
            OperationKind.RemoveContainer, c.Name, StateWord.Of(c.State))),
    ]);

    /// <summary>The changes that restart services and apps of an instance; those that are not running are started.</summary>
    /// <param name="services">The services to restart.</param>
    /// <param name="apps">The PM2 names of the apps to restart.</param>
    /// <param name="isNamed">Whether they were named one by one: then also a service starts again that has done its work.</param>
    /// <param name="observed">What runs.</param>
    public static OperationPlan Restart(
        IReadOnlyList<string> services, IReadOnlyList<string> apps, bool isNamed, ObservedState observed) => new(
    [
        .. services.Select(s => RestartService(s, observed.ContainerOf(s), isNamed)).OfType<Operation>(),
        .. apps.Select(a => observed.ProcessOf(a) is { } process
            ? new Operation(OperationKind.RestartApp, a, process.IsOnline ? Requested : StateWord.Of(process.State))
            : new Operation(OperationKind.StartApp, a, "no process")),
    ]);

    private static Operation? RestartService(string service, ObservedContainer? container, bool isNamed) => container switch
    {
        null => new Operation(OperationKind.StartService, service, "no container"),
        { Skipped: not null } => null,
        { IsDone: true } when !isNamed => null,
        { State: ContainerState.Running } => new Operation(OperationKind.RestartService, service, Requested) { Replaces = container.Lacks is not null },
        _ => new Operation(OperationKind.RestartService, service, StateWord.Of(container.State)) { Replaces = container.Lacks is not null },
    };

    private static bool IsToBeReplaced(ObservedContainer? container) => container is { Lacks: not null } or { HasOldImage: true };

    private static string? CauseToStart(ObservedContainer? container, bool modelChanged) => container switch
    {
        null => "no container",
        { Lacks: { } lack } => lack,
        { HasOldImage: true } => $"image {container.Image} was rebuilt",
        { State: ContainerState.Created } => "created but never started",
        { State: ContainerState.Exited, IsDone: false } => $"exited with code {container.ExitCode}",
        { State: ContainerState.Dead or ContainerState.Paused } => StateWord.Of(container.State),
        { State: ContainerState.Restarting, RestartCount: >= CrashLoopRestarts } =>
            $"crash loop: {container.RestartCount} restarts, last exit code {container.ExitCode}",
        _ when modelChanged => ModelChanged,
        _ => null,
    };

    private static Operation? ReconcileApp(DesiredApp app, ObservedProcess? process) => process switch
    {
        null => new Operation(OperationKind.StartApp, app.ProcessName, "no process"),
        { IsOnline: false } => new Operation(OperationKind.RestartApp, app.ProcessName, StateWord.Of(process.State)),
        _ when process.Fingerprint != app.Fingerprint =>
            new Operation(OperationKind.RestartApp, app.ProcessName, "its configuration changed"),
        _ when app.Trouble is { } trouble => new Operation(OperationKind.RestartApp, app.ProcessName, trouble),
        _ => null,
    };
}

/// <summary>What should run in one instance.</summary>
/// <param name="Project">The Compose project.</param>
/// <param name="Services">The services of the merged model.</param>
/// <param name="ModelFingerprint">SHA-256 of the merged model.</param>
/// <param name="Apps">The apps.</param>
internal sealed record DesiredState(
    string Project, IReadOnlyList<string> Services, string ModelFingerprint, IReadOnlyList<DesiredApp> Apps);

/// <summary>An app that should run.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="ProcessName">Its PM2 name.</param>
/// <param name="Fingerprint">SHA-256 of its ecosystem entry.</param>
/// <param name="Trouble">Why its current process must be restarted; <see langword="null"/> otherwise.</param>
internal sealed record DesiredApp(string Name, string ProcessName, string Fingerprint, string? Trouble = null);

/// <summary>The changes from the observed to the desired state, in order.</summary>
/// <param name="Operations">The changes.</param>
public sealed record OperationPlan(IReadOnlyList<Operation> Operations)
{
    /// <summary>Whether nothing has to change.</summary>
    public bool IsEmpty => Operations.All(o => o.Kind == OperationKind.KeepFile);

    /// <summary>The targets of one kind of change.</summary>
    public IReadOnlyList<string> TargetsOf(OperationKind kind) =>
        [.. Operations.Where(o => o.Kind == kind).Select(o => o.Target)];

    /// <summary>This plan, and then another.</summary>
    public OperationPlan Then(OperationPlan next) => new([.. Operations, .. next.Operations]);

    /// <summary>One operation a line.</summary>
    public override string ToString() => string.Concat(Operations.Select(o => $"{o}\n"));
}

/// <summary>Writes states as people read them: <c>WaitingRestart</c> as "waiting restart".</summary>
internal static class StateWord
{
    /// <summary>The words of a state.</summary>
    public static string Of<TState>(TState state)
        where TState : struct, Enum
    {
        var words = new StringBuilder();
        foreach (var character in state.ToString())
        {
            if (char.IsAsciiLetterUpper(character) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(character));
        }

        return words.ToString();
    }
}

/// <summary>The kind of an operation.</summary>
public enum OperationKind
{
    /// <summary>Write a file of the instance.</summary>
    WriteFile,

    /// <summary>Keep an edited file.</summary>
    KeepFile,

    /// <summary>Install the workspace's Node packages.</summary>
    InstallPackages,

    /// <summary>Let Compose create or start containers.</summary>
    StartService,

    /// <summary>Stop a service and start it with the data it has.</summary>
    RestartService,

    /// <summary>Start an app under PM2.</summary>
    StartApp,

    /// <summary>Stop an app and start it with its current configuration.</summary>
    RestartApp,

    /// <summary>Stop an app and delete it from PM2.</summary>
    RemoveApp,

    /// <summary>Stop and remove a container.</summary>
    RemoveContainer,

    /// <summary>Stop the process of a service and delete it from PM2.</summary>
    RemoveService,

    /// <summary>Remove a network of the project.</summary>
    RemoveNetwork,

    /// <summary>Remove a volume of the project with its data.</summary>
    RemoveVolume,

    /// <summary>Delete the instance's directory.</summary>
    DeleteFiles,

    /// <summary>Release an instance's number.</summary>
    ReleaseNumber,
}

/// <summary>One change, with the reason for it.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">The target: a service, a process name, a file.</param>
/// <param name="Cause">Why: "no container", "its configuration changed".</param>
public sealed record Operation(OperationKind Kind, string Target, string Cause)
{
    /// <summary>Whether a new container replaces the existing one although its compose files are unchanged.</summary>
    public bool Replaces { get; init; }

    /// <summary>Reads as "start service postgres: no container".</summary>
    public override string ToString() => $"{Verb} {Target}: {Cause}";

    private string Verb => Kind switch
    {
        OperationKind.WriteFile => "write",
        OperationKind.KeepFile => "keep",
        OperationKind.InstallPackages => "install packages of",
        OperationKind.StartService => Replaces ? "replace service" : "start service",
        OperationKind.RestartService => "restart service",
        OperationKind.StartApp => "start app",
        OperationKind.RestartApp => "restart app",
        OperationKind.RemoveApp => "remove app",
        OperationKind.RemoveContainer => "remove container",
        OperationKind.RemoveService => "remove service",
        OperationKind.RemoveNetwork => "remove network",
        OperationKind.RemoveVolume => "remove volume",
        OperationKind.DeleteFiles => "delete",
        OperationKind.ReleaseNumber => "release number",
        _ => throw new InvalidOperationException($"Operation {Kind} has no description."),
    };
}
