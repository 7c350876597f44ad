namespace InstanceKit.Stacks;

/// <summary>What a stack says of running its services without Docker.</summary>
public sealed record InfraDefinition
{
    /// <summary>Nothing is said.</summary>
    public static InfraDefinition None { get; } = new();

    /// <summary>What runs the services where the command does not say.</summary>
    public InfraMode Mode { get; init; } = InfraMode.Auto;

    /// <summary>The services that every app can do without: it is started although they are skipped.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Commands that stand for services.</summary>
    public IReadOnlyList<EmbeddedCommand> Commands { get; init; } = [];

    /// <summary>Whether an app can do without a service.</summary>
    public bool IsOptional(string service, AppDefinition app) => Optional.Contains(service) || app.Optional.Contains(service);
}
