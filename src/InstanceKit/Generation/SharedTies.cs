using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Finds what an instance has in common with others beside published ports and the names of the engine.</summary>
/// <param name="scope">The merged model and its instance.</param>
/// <param name="workspace">The model without the override.</param>
internal sealed class SharedTies(OverrideScope scope, ComposeModel workspace)
{
    /// <summary>Every tie.</summary>
    public IEnumerable<string> Find() =>
    [
        .. scope.Model.Services.Where(s => s.NetworkMode == "host" && !scope.Spec.Stack.AllowsHostNetwork)
            .Select(s => $"service {s.Name} listens on the host itself"),
        .. from service in scope.Model.Services
           from reference in service.ContainerReferences
           where workspace.Services.Any(s => s.ContainerName == reference.Value)
           select $"service {service.Name} refers to container {reference.Value} by {reference.Key}",
        .. scope.Model.Services.SelectMany(NameTies),
        .. scope.Model.Networks.Where(n => !n.IsExternal && n.DriverOptions.GetValueOrDefault(InstanceFootprint.BridgeName) is { } name && !scope.IsOwn(name))
            .Select(n => $"network {n.Key} has the fixed bridge name {n.DriverOptions[InstanceFootprint.BridgeName]}"),
        .. new InstanceData(scope).Moved.Select(f => $"data is kept in {f}, which is instance 0's"),
        .. scope.Model.Services.Where(IsBuiltForAll).Select(s => $"service {s.Name} builds image {s.Image} with this instance's ports"),
    ];

    private IEnumerable<string> NameTies(ComposeService service)
    {
        foreach (var place in service.Networks.Where(p => scope.IsMoved && scope.IsShared(p.Network)))
        {
            foreach (var alias in place.Aliases.Where(a => !scope.IsOwn(a)))
                yield return $"service {service.Name} answers to {alias} on network {place.Network}, which is shared";
            if (service.Hostname is { } hostname && !scope.IsOwn(hostname))
                yield return $"service {service.Name} has the host name {hostname} on network {place.Network}, which is shared";
            if ((place.Ipv4Address ?? place.Ipv6Address) is { } address)
                yield return $"service {service.Name} has the fixed address {address} on network {place.Network}, which is shared";
        }
    }

    private bool IsBuiltForAll(ComposeService service) =>
        service is { IsBuilt: true, Image: not null }
        && workspace.Services.FirstOrDefault(s => s.Name == service.Name) is { } before
        && before.Image == service.Image
        && !before.BuildArguments.OrderBy(a => a.Key, StringComparer.Ordinal)
            .SequenceEqual(service.BuildArguments.OrderBy(a => a.Key, StringComparer.Ordinal));
}
