namespace InstanceKit.Instances;

/// <summary>What the engine holds of one instance, found by this tool's labels.</summary>
public sealed record EngineInstance
{
    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>The workspace that made it, by the label of its newest container, or else of a volume or network; <see langword="null"/> where none says so.</summary>
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

    /// <summary>When its oldest container was made; <see langword="null"/> without one.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What of it some workspaces made; what names no workspace counts where none of the rest is another's.</summary>
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
