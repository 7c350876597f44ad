using System.Globalization;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Compose;

/// <summary>The changes of a network or volume.</summary>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Name">Its name in this instance, where the compose files fix another; otherwise <see langword="null"/>.</param>
public sealed record ResourceOverride(string Key, string? Name)
{
    private const int LongestBridgeName = 15;

    /// <summary>The network's address ranges in this instance, replacing the fixed ones; empty to keep them.</summary>
    public IReadOnlyList<ComposeSubnet> Ranges { get; init; } = [];

    /// <summary>The options of its driver that are others in this instance.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Plans the networks; reports external ones.</summary>
    internal static IReadOnlyList<ResourceOverride> Networks(OverrideScope scope)
    {
        var ranges = new SubnetOverride(scope.Subnets);
        foreach (var network in scope.Model.Networks)
            AddNotes(network, scope);
        return
        [
            .. scope.Model.Networks.Where(n => !n.IsExternal).Select(n => Renamed(n, scope.Spec) with
            {
                Ranges = ranges.RangesOf(n),
                DriverOptions = scope.IsMoved && n.DriverOptions.GetValueOrDefault(InstanceFootprint.BridgeName) is { Length: > 0 } bridge
                    ? new Dictionary<string, string> { [InstanceFootprint.BridgeName] = BridgeOf(bridge, scope.Spec.Number) }
                    : new Dictionary<string, string>(),
            }),
        ];
    }

    /// <summary>Plans the volumes; reports external ones.</summary>
    internal static IReadOnlyList<ResourceOverride> Volumes(OverrideScope scope, InstanceData data)
    {
        foreach (var volume in scope.Model.Volumes.Where(v => v.IsExternal))
            scope.Notes.Add($"Volume {volume.Name} is external: it is not changed, and all instances share it.");
        return
        [
            .. scope.Model.Volumes.Where(v => !v.IsExternal).Select(v => Renamed(v, scope.Spec) with
            {
                DriverOptions = data.DeviceOf(v) is { } device
                    ? new Dictionary<string, string> { ["device"] = device.Replace("$", "$$", StringComparison.Ordinal) }
                    : new Dictionary<string, string>(),
            }),
        ];
    }

    /// <summary>The instance's name of a bridge: no longer than the system allows, and no other bridge's.</summary>
    internal static string BridgeOf(string name, int instance)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-{instance}");
        return name.Length + suffix.Length <= LongestBridgeName
            ? name + suffix
            : name[..Math.Min(name.Length, LongestBridgeName - suffix.Length - 4)] + ContentHash.Of(name)[..4] + suffix;
    }

    private static ResourceOverride Renamed(ComposeResource resource, InstanceSpec spec) =>
        new(resource.Key, resource.Name == $"{spec.Project}_{resource.Key}" ? null : $"{spec.Project}_{resource.Key}");

    private static void AddNotes(ComposeNetwork network, OverrideScope scope)
    {
        var services = scope.Model.Services.Where(s => s.Networks.Any(n => n.Network == network.Key)).Select(s => s.Name).ToList();
        if (network.IsExternal)
        {
            scope.Notes.Add(
                $"Network {network.Name} is external: it is not changed, and all instances share it"
                + (services.Count == 0 ? "." : $"; on it, {string.Join(", ", services)} can resolve to any instance."));
        }
        else if (SubnetPlanner.IsOnWire(network))
        {
            scope.Notes.Add(
                $"Network {network.Key} uses the host's interface {network.DriverOptions["parent"]}, which all instances share; "
                + "the engine may allow only one of them.");
        }
    }
}
