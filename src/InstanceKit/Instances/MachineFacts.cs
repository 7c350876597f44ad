namespace InstanceKit.Instances;

/// <summary>What is really there of the instances of this machine, at one moment.</summary>
public sealed record MachineFacts
{
    /// <summary>What the engine holds; <see langword="null"/> when it does not answer.</summary>
    public IReadOnlyList<EngineInstance>? Engine { get; init; }

    /// <summary>What the records of workspaces and the labels of containers say; at most one of each instance.</summary>
    public IReadOnlyList<Lease> Found { get; init; } = [];

    /// <summary>The workspaces that were deleted or renamed.</summary>
    public IReadOnlySet<string> GoneWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The workspaces that can't be reached now and may come back.</summary>
    public IReadOnlySet<string> AwayWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The instances of which a folder with files is there, as workspace and number.</summary>
    public IReadOnlySet<(string Workspace, int Number)> WithFiles { get; init; } = new HashSet<(string, int)>();

    /// <summary>The owner's markers of which processes run; looked for only where nothing else is left.</summary>
    public IReadOnlySet<string> LiveMarkers { get; init; } = new HashSet<string>();

    /// <summary>The present moment, in UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether a workspace is no longer there.</summary>
    public bool IsGone(string workspace) => GoneWorkspaces.Contains(workspace);

    /// <summary>Whether a workspace can't be reached now and may come back.</summary>
    public bool IsAway(string workspace) => AwayWorkspaces.Contains(workspace);

    /// <summary>What the engine holds of a project, or <see langword="null"/>.</summary>
    public EngineInstance? InEngine(string project) => Engine?.FirstOrDefault(e => e.Project == project);
}
