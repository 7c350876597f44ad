using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>By which names and fixed addresses a service of an instance is found on its networks.</summary>
/// <remarks>
/// A fixed container name is taken away, and stays as an alias on the instance's own networks, so that whoever used it as
/// a host name still can. On a network that instances share, the names that are not Compose's own get the instance's number.
/// </remarks>
internal sealed class ServiceNames(ComposeService service, OverrideScope scope)
{
    /// <summary>The container's own host name, where that is another one; otherwise <see langword="null"/>.</summary>
    public string? Hostname() => service.Hostname is { } name && IsOnShared && scope.Own(name) != name ? scope.Own(name) : null;

    /// <summary>What changes on each network; the networks on which nothing does are left out.</summary>
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
        Tell(place, names, own, isFixed);
        return new PlaceOverride(place.Network)
        {
            Aliases = isReplaced ? own : [.. own.Except(place.Aliases).Where(n => !scope.IsService(n))],
            ReplacesAliases = isReplaced,
            ResetsIpv4Address = isFixed && place.Ipv4Address is not null,
            ResetsIpv6Address = isFixed && place.Ipv6Address is not null,
        };
    }

    private void Tell(ComposeServiceNetwork place, List<string> names, List<string> own, bool isFixed)
    {
        var network = scope.Network(place.Network)!.Name;
        if (!names.SequenceEqual(own))
        {
            scope.Notes.Add(
                $"Service {service.Name} answers to {string.Join(", ", own)} instead of {string.Join(", ", names)} on network "
                + $"{network}, which all instances share.");
        }

        if (Hostname() is { } hostname)
            scope.Notes.Add($"Service {service.Name} has the host name {hostname} instead of {service.Hostname}, since all instances share network {network}.");
        if (isFixed)
        {
            scope.Notes.Add(
                $"Service {service.Name} has no fixed address on network {network}, which all instances share: "
                + $"{place.Ipv4Address ?? place.Ipv6Address} is instance 0's.");
        }
    }
}
