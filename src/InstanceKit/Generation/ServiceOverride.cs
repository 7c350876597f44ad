using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>What an instance changes in one service.</summary>
public sealed record ServiceOverride
{
    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a fixed container name is taken away.</summary>
    public bool ResetsContainerName { get; init; }

    /// <summary>Whether the fixed name of the image that it builds is taken away, since the instance builds another.</summary>
    public bool ResetsImage { get; init; }

    /// <summary>The image that another service of the instance builds, where it has that one's fixed name; otherwise <see langword="null"/>.</summary>
    public string? Image { get; init; }

    /// <summary>The container's own host name in this instance, where that is another one; otherwise <see langword="null"/>.</summary>
    public string? Hostname { get; init; }

    /// <summary>The modes that name a container, with the instance's: <c>network_mode</c> as <c>service:db</c>.</summary>
    public IReadOnlyDictionary<string, string> Modes { get; init; } = new Dictionary<string, string>();

    /// <summary>The published ports of the instance, replacing the base ones, in Compose's short syntax; empty to keep them.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>The variables whose values address the stack from the host, with the instance's ports.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole command, where one of its arguments addresses the stack from the host.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The whole entry point, likewise.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The build arguments whose values address the stack.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>A shorter health interval with as many more retries; <see langword="null"/> to keep the service's own.</summary>
    public ComposeHealthCheck? HealthCheck { get; init; }

    /// <summary>The health check's whole test, where it asks through the host; otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? HealthTest { get; init; }

    /// <summary>The networks on which it has other names or addresses.</summary>
    public IReadOnlyList<PlaceOverride> Places { get; init; } = [];

    /// <summary>All sources of further volumes, where one of them changes; otherwise empty.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    /// <summary>Links to services of the instance in the place of links to containers; where there are any, <see cref="ExternalLinks"/> is all that stays.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>The links to containers of elsewhere that stay.</summary>
    public IReadOnlyList<string> ExternalLinks { get; init; } = [];

    /// <summary>All its name servers, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>All its extra hosts, as <c>name=address</c>, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Mounts of which the instance has its own, by absolute paths, each in the place of what has the same target.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>The service's own labels whose values address the stack.</summary>
    public IReadOnlyDictionary<string, string> OwnLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>The container's labels, not yet escaped against interpolation.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Decides the changes of one service.</summary>
    internal static ServiceOverride Create(ComposeService service, OverrideScope scope, InstanceData data)
    {
        var literals = new ComposeLiterals(service, scope.Spec, scope.Ports, scope.Subnets);
        var addresses = new SubnetOverride(scope.Subnets);
        var names = new ServiceNames(service, scope);
        var containers = new ContainerNames(service, scope);
        return new ServiceOverride
        {
            Name = service.Name,
            ResetsContainerName = service.ContainerName is not null,
            Hostname = names.Hostname(),
            Modes = containers.Modes(),
            Ports = new PortPublication(service, scope.Spec, scope.Ports).Of(scope.Model),
            Environment = literals.ChangedEnvironment(),
            Command = literals.ChangedCommand(),
            Entrypoint = literals.ChangedEntrypoint(),
            BuildArguments = literals.ChangedBuildArguments(),
            HealthCheck = scope.IsAwaitedByCompose(service.Name) ? Quicken(service.HealthCheck) : null,
            HealthTest = literals.ChangedTest(),
            Places = names.Places(),
            Mounts = data.MountsOf(service),
            VolumesFrom = containers.VolumesFrom(),
            Links = containers.Links(),
            ExternalLinks = containers.ExternalLinks(),
            NameServers = addresses.NameServersOf(service),
            ExtraHosts = addresses.ExtraHostsOf(service),
            OwnLabels = literals.ChangedLabels(),
            Labels = InstanceLabels.For(scope.Spec),
        };
    }

    /// <summary>The changes with those of the configuration that is this service's.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="configs">The configuration of all services.</param>
    public ServiceOverride WithConfigs(InstanceSpec spec, ConfigSet configs)
    {
        if (configs.HashFor(Name) is not { } hash)
            return this;
        var own = configs.Copies.Where(c => c.Service == Name);
        return this with
        {
            Mounts = [.. Mounts, .. own.Select(c => new ComposeMount("bind", Path.Combine(spec.Paths.Directory, c.File.Name), c.Target, c.IsReadOnly) { Relabel = c.Relabel })],
            Labels = new SortedDictionary<string, string>(Labels.ToDictionary())
            {
                [InstanceLabels.Configs] = hash,
            },
        };
    }

    private static ComposeHealthCheck? Quicken(ComposeHealthCheck? check)
    {
        if (check is null || check.IsDisabled || check.Interval <= ComposeOverride.AwaitedHealthInterval)
            return null;
        var patience = check.Interval * check.Retries;
        return new ComposeHealthCheck(
            false, ComposeOverride.AwaitedHealthInterval, (int)Math.Ceiling(patience / ComposeOverride.AwaitedHealthInterval));
    }
}
