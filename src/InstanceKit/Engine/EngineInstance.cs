namespace InstanceKit.Engine;

/// <summary>The resources of one instance in the engine, found by this tool's labels.</summary>
public sealed record EngineInstance
{
    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>The workspace that created it, from the label of its newest container, or else of a volume or network; <see langword="null"/> if unknown.</summary>
    public string? Workspace { get; init; }

    /// <summary>Its containers, running or not.</summary>
    public IReadOnlyList<EngineThing> Containers { get; init; } = [];

    /// <summary>How many of them run.</summary>
    public int Running { get; init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<EngineThing> Networks { get; init; } = [];

    /// <summary>Its volumes.</summary>
    public IReadOnlyList<EngineThing> Volumes { get; init; } = [];

    /// <summary>The host ports that its running containers publish, as <c>tcp/5533</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>When its oldest container was created; <see langword="null"/> without one.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The part created by some workspaces; parts without a workspace label are included if no other workspace owns any.</summary>
    public EngineInstance Of(IReadOnlyCollection<string> workspaces)
    {
        var isShared = Containers.Concat(Networks).Concat(Volumes).Any(t => t.Workspace is { } other && !workspaces.Contains(other));
        return this with { Containers = Own(Containers), Networks = Own(Networks), Volumes = Own(Volumes) };

        IReadOnlyList<EngineThing> Own(IReadOnlyList<EngineThing> things) =>
            [.. things.Where(t => t.Workspace is { } workspace ? workspaces.Contains(workspace) : !isShared)];
    }
}

/// <summary>A container, network or volume.</summary>
/// <param name="Id">What the engine calls it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Workspace">The workspace that its label names; <see langword="null"/> for none.</param>
public sealed record EngineThing(string Id, string Name, string? Workspace = null);

/// <summary>A network or volume of the engine that has to do with a project.</summary>
/// <param name="Kind"><c>network</c> or <c>volume</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record EngineResource(string Kind, string Name)
{
    /// <summary>The Compose project in its label; <see langword="null"/> if Compose did not create it.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it carries this tool's labels.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>The workspace that its label names; <see langword="null"/> for none.</summary>
    public string? Workspace { get; init; }
}
