using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Instances;

/// <summary>Everything of an instance that could conflict with another one, from the merged compose model and the port plan.</summary>
internal sealed record InstanceFootprint
{
    /// <summary>The driver option that fixes the name of a network's bridge on the host.</summary>
    public const string BridgeName = "com.docker.network.bridge.name";

    /// <summary>The published ports, each as <c>tcp/5533</c>, on whatever host address.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Names of the engine, each with its kind: <c>container studio-db</c>, <c>network x_default</c>, <c>volume x_data</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Fixed address ranges in CIDR form.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The footprint of one instance, without external networks and volumes.</summary>
    /// <param name="merged">The model of the compose files with the instance's override.</param>
    /// <param name="ports">Its ports, including those of its apps.</param>
    public static InstanceFootprint Of(ComposeModel merged, PortPlan ports)
    {
        var published = merged.Ports.Where(p => p.BasePort is not null)
            .Select(p => (p.Protocol, First: p.BasePort!.Value, p.Count))
            .Concat(ports.Own.Select(a => (a.Protocol, First: a.Port, a.Count)))
            .SelectMany(p => Enumerable.Range(p.First, p.Count).Select(port => (p.Protocol, Port: port)));
        var networks = merged.Networks.Where(n => !n.IsExternal).ToList();
        return new InstanceFootprint
        {
            Ports = [.. published.Distinct().OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Port).Select(p => $"{p.Protocol}/{p.Port}")],
            Names =
            [
                .. Ordered(merged.Services.Where(s => s.ContainerName is not null).Select(s => $"container {s.ContainerName}")),
                .. Ordered(networks.Select(n => $"network {n.Name}")),
                .. Ordered(networks.Select(n => n.DriverOptions.GetValueOrDefault(BridgeName)).OfType<string>().Select(b => $"bridge {b}")),
                .. Ordered(merged.Volumes.Where(v => !v.IsExternal).Select(v => $"volume {v.Name}")),
            ],
            Subnets = [.. Ordered(networks.SelectMany(n => n.Subnets).Select(s => s.Range))],
        };
    }

    private static IEnumerable<string> Ordered(IEnumerable<string> texts) => texts.Distinct().Order(StringComparer.Ordinal);
}

/// <summary>Another instance of this machine, as a record or a lease knows it.</summary>
/// <param name="Workspace">Its workspace's absolute path.</param>
/// <param name="Number">Its number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Footprint">What it uses.</param>
internal sealed record NeighbourInstance(string Workspace, int Number, string Project, InstanceFootprint Footprint);
