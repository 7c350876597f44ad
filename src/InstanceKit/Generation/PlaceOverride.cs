namespace InstanceKit.Generation;

/// <summary>What changes of a service's place on a network.</summary>
/// <param name="Network">The network's key.</param>
public sealed record PlaceOverride(string Network)
{
    /// <summary>Names by which the service answers there.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether it answers to these names instead of the ones of the compose files, rather than also.</summary>
    public bool ReplacesAliases { get; init; }

    /// <summary>Its fixed address, where that is another one; otherwise <see langword="null"/>.</summary>
    public string? Ipv4Address { get; init; }

    /// <summary>Its fixed IPv6 address, likewise.</summary>
    public string? Ipv6Address { get; init; }

    /// <summary>Whether its fixed address is taken away, since every instance would ask for the same one.</summary>
    public bool ResetsIpv4Address { get; init; }

    /// <summary>Whether its fixed IPv6 address is, likewise.</summary>
    public bool ResetsIpv6Address { get; init; }

    /// <summary>Whether there is anything to say.</summary>
    public bool IsEmpty => Aliases.Count == 0 && Ipv4Address is null && Ipv6Address is null && !ResetsIpv4Address && !ResetsIpv6Address;
}
