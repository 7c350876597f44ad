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
    public required bool ResetsContainerName { get; init; }

    /// <summary>The published ports of the instance, replacing the base ones; in Compose's short syntax.</summary>
    public required IReadOnlyList<string> Ports { get; init; }

    /// <summary>The variables whose values address the stack from the host, with the instance's ports.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The whole command, where one of its arguments addresses the stack from the host.</summary>
    public required IReadOnlyList<string>? Command { get; init; }

    /// <summary>A shorter health interval with as many more retries; <see langword="null"/> to keep the service's own.</summary>
    public required ComposeHealthCheck? HealthCheck { get; init; }

    /// <summary>The networks on which its fixed address is another one, with that.</summary>
    public IReadOnlyList<ComposeServiceNetwork> Places { get; init; } = [];

    /// <summary>All its name servers, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>All its extra hosts, as <c>name=address</c>, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Mounted files that the instance has in a version of its own, by their absolute paths.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>The container's labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Decides the changes of one service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="isAwaited">Whether other services wait until it is healthy.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    public static ServiceOverride Create(
        ComposeService service, bool isAwaited, InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null)
    {
        subnets ??= SubnetPlan.Empty;
        var literals = new ComposeLiterals(service, ports, spec.Stack, subnets);
        var addresses = new SubnetOverride(subnets);
        return new ServiceOverride
        {
            Name = service.Name,
            ResetsContainerName = service.ContainerName is not null,
            Ports = [.. service.Ports.Select(p => Publish(p, spec, ports)).Distinct()],
            Environment = literals.ChangedEnvironment(),
            Command = literals.ChangedCommand(),
            HealthCheck = isAwaited ? Quicken(service.HealthCheck) : null,
            Places = addresses.PlacesOf(service),
            NameServers = addresses.NameServersOf(service),
            ExtraHosts = addresses.ExtraHostsOf(service),
            Labels = InstanceLabels.ForContainers(spec),
        };
    }

    /// <summary>The changes with those of the mounted files that are this service's.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="copies">The copies of all services.</param>
    public ServiceOverride WithConfigs(InstanceSpec spec, IReadOnlyList<ConfigCopy> copies)
    {
        var own = copies.Where(c => c.Service == Name).ToList();
        if (own.Count == 0)
            return this;
        return this with
        {
            Mounts = [.. own.Select(c => new ComposeMount("bind", Path.Combine(spec.Paths.Directory, c.File.Name), c.Target, c.IsReadOnly))],
            // A container keeps the file that it was created with; only a change of its own makes Compose replace it.
            Labels = new SortedDictionary<string, string>(Labels.ToDictionary())
            {
                [InstanceLabels.Configs] = ContentHash.Of(own.SelectMany(c => new[] { c.Target, c.File.Content })),
            },
        };
    }

    private static string Publish(PublishedPort port, InstanceSpec spec, PortPlan ports)
    {
        var address = spec.Stack.BindAddress.Contains(':') ? $"[{spec.Stack.BindAddress}]" : spec.Stack.BindAddress;
        var published = ports.Of(port) switch
        {
            null => "",
            { Count: 1 } one => $"{one.Port}",
            var range => $"{range.Port}-{range.Port + range.Count - 1}",
        };
        var protocol = port.Protocol == "tcp" ? "" : $"/{port.Protocol}";
        return $"{address}:{published}:{port.TargetPort}{protocol}";
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
