namespace InstanceKit.Planning;

/// <summary>What kind of change an operation makes.</summary>
public enum OperationKind
{
    /// <summary>Write a file of the instance.</summary>
    WriteFile,

    /// <summary>Keep a file that a person edited.</summary>
    KeepFile,

    /// <summary>Install the workspace's Node packages.</summary>
    InstallPackages,

    /// <summary>Let Compose create or start containers.</summary>
    StartService,

    /// <summary>Stop a service and start it with the data it has.</summary>
    RestartService,

    /// <summary>Start an app under PM2.</summary>
    StartApp,

    /// <summary>Stop an app and start it with its present configuration.</summary>
    RestartApp,

    /// <summary>Stop an app and take it off PM2's list.</summary>
    RemoveApp,

    /// <summary>Stop and remove a container.</summary>
    RemoveContainer,

    /// <summary>Stop the process of a service and take it off PM2's list.</summary>
    RemoveService,

    /// <summary>Remove a network of the project.</summary>
    RemoveNetwork,

    /// <summary>Remove a volume of the project with its data.</summary>
    RemoveVolume,

    /// <summary>Delete the instance's folder.</summary>
    DeleteFiles,

    /// <summary>Give an instance's number back.</summary>
    ReleaseNumber,
}

/// <summary>One change, with the reason for it.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">To what: a service, a process name, a file.</param>
/// <param name="Cause">Why: "no container", "its configuration changed".</param>
public sealed record Operation(OperationKind Kind, string Target, string Cause)
{
    /// <summary>Whether a new container takes the place of the one that is there, although its compose files are the same.</summary>
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
        _ => throw new InvalidOperationException($"Operation {Kind} has no words."),
    };
}
