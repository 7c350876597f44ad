namespace InstanceKit.Reconcile;

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
