namespace InstanceKit.Stacks;

/// <summary>A network or volume.</summary>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Name">Its name in the engine.</param>
/// <param name="IsExternal">Whether it is made and owned by somebody else.</param>
public abstract record ComposeResource(string Key, string Name, bool IsExternal)
{
    /// <summary>The options of its driver.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();
}

/// <summary>A network.</summary>
/// <inheritdoc cref="ComposeResource(string, string, bool)"/>
public sealed record ComposeNetwork(string Key, string Name, bool IsExternal) : ComposeResource(Key, Name, IsExternal)
{
    /// <summary>Its address ranges, where the compose files fix them.</summary>
    public IReadOnlyList<ComposeSubnet> Subnets { get; init; } = [];

    /// <summary>Whether nothing outside reaches it: the engine publishes no ports of what is on such networks only.</summary>
    public bool IsInternal { get; init; }

    /// <summary>The driver of its address management, where one is named.</summary>
    public string? AddressDriver { get; init; }
}

/// <summary>A volume.</summary>
/// <inheritdoc cref="ComposeResource(string, string, bool)"/>
public sealed record ComposeVolume(string Key, string Name, bool IsExternal) : ComposeResource(Key, Name, IsExternal);

/// <summary>An address range of a network, as the compose files fix it.</summary>
/// <param name="Range">The range in CIDR form: <c>172.28.0.0/16</c>.</param>
/// <param name="Gateway">The gateway's address, or <see langword="null"/>.</param>
/// <param name="AddressPool">The part from which containers get addresses (<c>ip_range</c>), or <see langword="null"/>.</param>
/// <param name="Auxiliary">Addresses kept for others (<c>aux_addresses</c>), by host name.</param>
public sealed record ComposeSubnet(
    string Range, string? Gateway, string? AddressPool, IReadOnlyDictionary<string, string> Auxiliary);

/// <summary>A service's place on a network.</summary>
/// <param name="Network">The network's key.</param>
/// <param name="Aliases">Further names by which it answers there.</param>
/// <param name="Ipv4Address">Its fixed address, or <see langword="null"/>.</param>
/// <param name="Ipv6Address">Its fixed IPv6 address, or <see langword="null"/>.</param>
public sealed record ComposeServiceNetwork(
    string Network, IReadOnlyList<string> Aliases, string? Ipv4Address = null, string? Ipv6Address = null);

/// <summary>Something that is mounted into a service.</summary>
/// <param name="Type"><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</param>
/// <param name="Source">The absolute path on the host, or the volume's key; <see langword="null"/> for none.</param>
/// <param name="Target">The path in the container.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
public sealed record ComposeMount(string Type, string? Source, string Target, bool IsReadOnly)
{
    /// <summary>How SELinux lets containers at it: <c>z</c> shared, <c>Z</c> private; <see langword="null"/> where nothing is said.</summary>
    public string? Relabel { get; init; }
}
