namespace InstanceKit.Planning;

/// <summary>Compares what should run with what does, and names the changes, each with its cause.</summary>
public static class Reconciler
{
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
