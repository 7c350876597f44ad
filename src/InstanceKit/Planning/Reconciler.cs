namespace InstanceKit.Planning;

/// <summary>Compares what should run with what does, and names the changes, each with its cause.</summary>
public static class Reconciler
{
    private const string AskedFor = "asked for";

    /// <summary>The changes that bring an instance up. Empty when it runs as it should.</summary>
    public static OperationPlan Up(DesiredState desired, ObservedState observed)
    {
        var operations = new List<Operation>();
        var modelChanged = observed.AppliedModel != desired.ModelFingerprint;
        foreach (var service in desired.Services)
        {
            if (CauseToStart(observed.ContainerOf(service), modelChanged) is { } cause)
                operations.Add(new Operation(OperationKind.StartService, service, cause));
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

    /// <summary>The changes that restart services and apps of an instance; what does not run is started.</summary>
    /// <param name="services">The services that are meant.</param>
    /// <param name="apps">The PM2 names of the apps that are meant.</param>
    /// <param name="isNamed">Whether they were named one by one: then also a service starts again that has done its work.</param>
    /// <param name="observed">What runs.</param>
    public static OperationPlan Restart(
        IReadOnlyList<string> services, IReadOnlyList<string> apps, bool isNamed, ObservedState observed) => new(
    [
        .. services.Select(s => RestartService(s, observed.ContainerOf(s), isNamed)).OfType<Operation>(),
        .. apps.Select(a => observed.ProcessOf(a) is { } process
            ? new Operation(OperationKind.RestartApp, a, process.IsOnline ? AskedFor : StateWord.Of(process.State))
            : new Operation(OperationKind.StartApp, a, "no process")),
    ]);

    private static Operation? RestartService(string service, ObservedContainer? container, bool isNamed) => container switch
    {
        null => new Operation(OperationKind.StartService, service, "no container"),
        { Skipped: not null } => null,
        { State: ContainerState.Exited, ExitCode: 0, StaysEnded: true } when !isNamed => null,
        { State: ContainerState.Running } => new Operation(OperationKind.RestartService, service, AskedFor),
        _ => new Operation(OperationKind.RestartService, service, StateWord.Of(container.State)),
    };

    private static string? CauseToStart(ObservedContainer? container, bool modelChanged) => container switch
    {
        null => "no container",
        { State: ContainerState.Created } => "created but never started",
        { State: ContainerState.Exited } when container is not { ExitCode: 0, StaysEnded: true } =>
            $"exited with code {container.ExitCode}",
        { State: ContainerState.Dead or ContainerState.Paused } => StateWord.Of(container.State),
        _ when modelChanged => "the compose model changed, or was never fully carried out",
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
