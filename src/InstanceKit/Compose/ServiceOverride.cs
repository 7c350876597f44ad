using InstanceKit.Addresses;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Compose;

/// <summary>What an instance changes in one service.</summary>
internal sealed record ServiceOverride
{
    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a fixed container name is removed.</summary>
    public bool ResetsContainerName { get; init; }

    /// <summary>Whether the fixed name of the image that it builds is removed because the instance builds another.</summary>
    public bool ResetsImage { get; init; }

    /// <summary>
    /// The image that another service of the instance builds, where it has that one's fixed name, or that the stack file
    /// replaces it by; otherwise <see langword="null"/>.
    /// </summary>
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

    /// <summary>The options of the log driver that name the stack, which the engine reads on the host.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>What the service's texts mention of the stack.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>A shorter health interval with as many more retries; <see langword="null"/> to keep the service's own.</summary>
    public ComposeHealthCheck? HealthCheck { get; init; }

    /// <summary>The whole health check command, if it connects through the host; otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? HealthTest { get; init; }

    /// <summary>The networks on which it has other names or addresses.</summary>
    public IReadOnlyList<PlaceOverride> Places { get; init; } = [];

    /// <summary>All sources of further volumes, where one of them changes; otherwise empty.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    /// <summary>Links to services of the instance that replace links to containers; if there are any, only <see cref="ExternalLinks"/> stay.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>The links to containers of elsewhere that stay.</summary>
    public IReadOnlyList<string> ExternalLinks { get; init; } = [];

    /// <summary>All its name servers, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>All its extra hosts, as <c>name=address</c>, where the address of one changes; otherwise empty.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>The instance's own mounts, with absolute paths, each replacing the one with the same target.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>The service's own labels whose values address the stack.</summary>
    public IReadOnlyDictionary<string, string> OwnLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>The container's labels, not yet escaped against interpolation.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Decides the changes of one service.</summary>
    internal static ServiceOverride Create(ComposeService service, OverrideScope scope, InstanceData data)
    {
        var texts = new ServiceTexts(service, scope.Translator, scope.Model);
        var addresses = new SubnetOverride(scope.Subnets);
        var names = new ServiceNames(service, scope);
        var containers = new ContainerNames(service, scope);
        var change = new ServiceOverride
        {
            Name = service.Name,
            ResetsContainerName = service.ContainerName is not null,
            Image = service is { Image: { } image, IsBuilt: false } ? ImageName.Replace(scope.Spec.Stack.Images, image) : null,
            Hostname = names.Hostname(),
            Modes = containers.Modes(),
            Ports = new PortPublication(service, scope.Spec, scope.Ports).Of(scope.Model),
            Environment = texts.Environment(),
            Command = texts.Command(),
            Entrypoint = texts.Entrypoint(),
            BuildArguments = texts.BuildArguments(),
            LogOptions = texts.LogOptions(),
            HealthCheck = scope.IsAwaitedByCompose(service.Name) ? Quicken(service.HealthCheck) : null,
            HealthTest = texts.HealthTest(),
            Places = names.Places(),
            Mounts = data.MountsOf(service),
            VolumesFrom = containers.VolumesFrom(),
            Links = containers.Links(),
            ExternalLinks = containers.ExternalLinks(),
            NameServers = addresses.NameServersOf(service),
            ExtraHosts = addresses.ExtraHostsOf(service),
            OwnLabels = texts.Labels(),
            Labels = scope.Spec.Labels,
        };
        return change with { Mentions = texts.Mentions };
    }

    /// <summary>The changes, including those of this service's configuration.</summary>
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

/// <summary>What a service publishes in an instance, in Compose's short syntax.</summary>
internal sealed class PortPublication(ComposeService service, InstanceSpec spec, PortPlan ports)
{
    /// <summary>All published ports, if they differ from the compose files; empty otherwise.</summary>
    /// <param name="model">The whole model: a port of another service is not published twice.</param>
    public IReadOnlyList<string> Of(ComposeModel model)
    {
        var named = Unpublished(model);
        return named.Count == 0 && service.Ports.All(p => IsUnchanged(p, model))
            ? []
            : [.. service.Ports.Concat(named).Select(p => Print(p, AddressOf(p, model, spec))).Distinct()];
    }

    /// <summary>The host address of a port: the instance's, or in instance 0 its own where two services share a number on two addresses.</summary>
    public static string AddressOf(PublishedPort port, ComposeModel model, InstanceSpec spec) =>
        spec.Number == 0 && port.HostAddress is { } own && model.Ports.Any(o =>
            o.Service != port.Service && (o.BasePort, o.Protocol) == (port.BasePort, port.Protocol) && o.HostAddress is { } other && other != own)
            ? own
            : spec.Stack.BindAddress;

    /// <summary>Ports that the stack knows by name, of a service that only exposes them to other services.</summary>
    private List<PublishedPort> Unpublished(ComposeModel model) => service.NetworkMode is not null
        ? []
        :
        [
            .. spec.Stack.Ports.Where(p => p.Owner == new PortOwner(OwnerKind.Service, service.Name) && p.TargetPort is not null
                && !model.Ports.Any(m => m.Protocol == p.Protocol && m.BasePort <= p.BasePort && p.BasePort < m.BasePort + m.Count))
                .Select(p => new PublishedPort(service.Name, p.TargetPort!.Value, p.BasePort, p.Protocol)),
        ];

    private bool IsUnchanged(PublishedPort port, ComposeModel model) =>
        port.HostAddress == AddressOf(port, model, spec) && ports.Of(port)?.Port == port.BasePort;

    private string Print(PublishedPort port, string address)
    {
        var published = ports.Of(port) switch
        {
            null => "",
            { Count: 1 } one => $"{one.Port}",
            var range => $"{range.Port}-{range.Port + range.Count - 1}",
        };
        var protocol = port.Protocol == "tcp" ? "" : $"/{port.Protocol}";
        return $"{(address.Contains(':') ? $"[{address}]" : address)}:{published}:{port.TargetPort}{protocol}";
    }
}

/// <summary>Points references to a container's fixed name to the instance's service of that container.</summary>
/// <remarks>A container that does not belong to the stack is left alone and reported.</remarks>
internal sealed class ContainerNames(ComposeService service, OverrideScope scope)
{
    private const string Prefix = "container:";

    /// <summary>The modes that change (<c>network_mode</c>, <c>pid</c>, <c>ipc</c>), with their new values.</summary>
    public IReadOnlyDictionary<string, string> Modes()
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, name) in service.ContainerReferences)
        {
            if (key is "volumes_from" or "external_links")
                continue;
            if (scope.ServiceOfContainer(name) is { } target)
                changed[key] = $"service:{target.Name}";
            else
                scope.Notes.Add($"Service {service.Name} uses the {key} of container {name}, which all instances share.");
        }

        return changed;
    }

    /// <summary>All sources of further volumes when one of them changes; empty otherwise.</summary>
    public IReadOnlyList<string> VolumesFrom()
    {
        foreach (var source in service.VolumesFrom.Where(s => IsContainer(s) && Own(s) == s))
            scope.Notes.Add($"Service {service.Name} mounts the volumes of {source}, which all instances share.");
        var own = service.VolumesFrom.Select(Own).ToList();
        return own.SequenceEqual(service.VolumesFrom) ? [] : own;

        static bool IsContainer(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

        string Own(string source) => IsContainer(source) && scope.ServiceOfContainer(Parts(source[Prefix.Length..])[0]) is { } target
            ? string.Join(':', new[] { target.Name }.Concat(Parts(source[Prefix.Length..])[1..]))
            : source;
    }

    /// <summary>The external links that become links to services of the instance, in Compose's form.</summary>
    public IReadOnlyList<string> Links() =>
        [.. service.ExternalLinks.Select(Parts).Where(p => scope.ServiceOfContainer(p[0]) is not null)
            .Select(p => $"{scope.ServiceOfContainer(p[0])!.Name}:{p[^1]}")];

    /// <summary>The external links that stay.</summary>
    public IReadOnlyList<string> ExternalLinks()
    {
        var kept = service.ExternalLinks.Where(l => scope.ServiceOfContainer(Parts(l)[0]) is null).ToList();
        foreach (var link in kept)
            scope.Notes.Add($"Service {service.Name} is linked to container {Parts(link)[0]}, which all instances share.");
        return kept;
    }

    private static string[] Parts(string text) => text.Split(':');
}

/// <summary>By which names and fixed addresses a service of an instance is found on its networks.</summary>
/// <remarks>
/// A fixed container name is removed, and stays as an alias on the instance's own networks, so that whoever used it as
/// a host name still can. On a network that instances share, the names that are not Compose's own get the instance's number.
/// </remarks>
internal sealed class ServiceNames(ComposeService service, OverrideScope scope)
{
    /// <summary>The container's own host name, where that is another one; otherwise <see langword="null"/>.</summary>
    public string? Hostname() => service.Hostname is { } name && IsOnShared && scope.Own(name) != name ? scope.Own(name) : null;

    /// <summary>The changes on each network; networks without changes are omitted.</summary>
    public IReadOnlyList<PlaceOverride> Places()
    {
        var addresses = new SubnetOverride(scope.Subnets).PlacesOf(service).ToDictionary(p => p.Network, StringComparer.Ordinal);
        return
        [
            .. service.Networks
                .Select(p => scope.IsShared(p.Network) ? OnShared(p) : OnOwn(p, addresses.GetValueOrDefault(p.Network)))
                .Where(p => !p.IsEmpty),
        ];
    }

    private bool IsOnShared => service.Networks.Any(p => scope.IsShared(p.Network));

    private PlaceOverride OnOwn(ComposeServiceNetwork place, ComposeServiceNetwork? moved) => new(place.Network)
    {
        Aliases = [.. new[] { service.ContainerName, Hostname() is null ? null : service.Hostname }
            .OfType<string>().Distinct().Where(n => !scope.IsService(n) && !place.Aliases.Contains(n))],
        Ipv4Address = moved?.Ipv4Address,
        Ipv6Address = moved?.Ipv6Address,
    };

    private PlaceOverride OnShared(ComposeServiceNetwork place)
    {
        var names = place.Aliases.Concat(new[] { service.ContainerName }.OfType<string>().Where(n => n != service.Name))
            .Distinct().ToList();
        var own = names.Select(n => scope.IsService(n) && !place.Aliases.Contains(n) ? n : scope.Own(n)).ToList();
        var isReplaced = scope.IsMoved && place.Aliases.Count > 0;
        var isFixed = scope.IsMoved && (place.Ipv4Address ?? place.Ipv6Address) is not null;
        AddNotes(place, names, own, isFixed);
        return new PlaceOverride(place.Network)
        {
            Aliases = isReplaced ? own : [.. own.Except(place.Aliases).Where(n => !scope.IsService(n))],
            ReplacesAliases = isReplaced,
            ResetsIpv4Address = isFixed && place.Ipv4Address is not null,
            ResetsIpv6Address = isFixed && place.Ipv6Address is not null,
        };
    }

    private void AddNotes(ComposeServiceNetwork place, List<string> names, List<string> own, bool isFixed)
    {
        var network = scope.Network(place.Network)!.Name;
        if (!names.SequenceEqual(own))
        {
            scope.Notes.Add(
                $"Service {service.Name} answers to {string.Join(", ", own)} instead of {string.Join(", ", names)} on network "
                + $"{network}, which all instances share.");
        }

        if (Hostname() is { } hostname)
            scope.Notes.Add($"Service {service.Name} has the host name {hostname} instead of {service.Hostname} because all instances share network {network}.");
        if (isFixed)
        {
            scope.Notes.Add(
                $"Service {service.Name} has no fixed address on network {network}, which all instances share: "
                + $"{place.Ipv4Address ?? place.Ipv6Address} belongs to instance 0.");
        }
    }
}

/// <summary>What changes of a service's place on a network.</summary>
/// <param name="Network">The network's key.</param>
internal sealed record PlaceOverride(string Network)
{
    /// <summary>The service's names there.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether it answers to these names instead of the ones of the compose files, rather than also.</summary>
    public bool ReplacesAliases { get; init; }

    /// <summary>Its fixed address, where that is another one; otherwise <see langword="null"/>.</summary>
    public string? Ipv4Address { get; init; }

    /// <summary>Its fixed IPv6 address, likewise.</summary>
    public string? Ipv6Address { get; init; }

    /// <summary>Whether its fixed address is removed, because every instance would use the same one.</summary>
    public bool ResetsIpv4Address { get; init; }

    /// <summary>Whether its fixed IPv6 address is, likewise.</summary>
    public bool ResetsIpv6Address { get; init; }

    /// <summary>Whether there is any change.</summary>
    public bool IsEmpty => Aliases.Count == 0 && Ipv4Address is null && Ipv6Address is null && !ResetsIpv4Address && !ResetsIpv6Address;
}
