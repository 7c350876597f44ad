using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>What a service publishes in an instance, in Compose's short syntax.</summary>
/// <param name="service">The service.</param>
/// <param name="spec">The instance.</param>
/// <param name="ports">Its ports.</param>
internal sealed class PortPublication(ComposeService service, InstanceSpec spec, PortPlan ports)
{
    private string Address => spec.Stack.BindAddress.Contains(':') ? $"[{spec.Stack.BindAddress}]" : spec.Stack.BindAddress;

    /// <summary>All published ports, where they differ from what the compose files say; empty otherwise.</summary>
    /// <param name="model">The whole model: what another service publishes is not published twice.</param>
    public IReadOnlyList<string> Of(ComposeModel model)
    {
        var named = Unpublished(model);
        return named.Count == 0 && service.Ports.All(IsUnchanged)
            ? []
            : [.. service.Ports.Select(Print).Concat(named.Select(Print)).Distinct()];
    }

    /// <summary>Ports that the stack knows by name, of a service that only exposes them to other services.</summary>
    private List<PublishedPort> Unpublished(ComposeModel model) => service.NetworkMode is not null
        ? []
        :
        [
            .. spec.Stack.Ports.Where(p => p.Owner == new PortOwner(OwnerKind.Service, service.Name) && p.TargetPort is not null
                && !model.Ports.Any(m => m.Protocol == p.Protocol && m.BasePort <= p.BasePort && p.BasePort < m.BasePort + m.Count))
                .Select(p => new PublishedPort(service.Name, p.TargetPort!.Value, p.BasePort, p.Protocol)),
        ];

    private bool IsUnchanged(PublishedPort port) =>
        port.HostAddress == spec.Stack.BindAddress && ports.Of(port)?.Port == port.BasePort;

    private string Print(PublishedPort port)
    {
        var published = ports.Of(port) switch
        {
            null => "",
            { Count: 1 } one => $"{one.Port}",
            var range => $"{range.Port}-{range.Port + range.Count - 1}",
        };
        var protocol = port.Protocol == "tcp" ? "" : $"/{port.Protocol}";
        return $"{Address}:{published}:{port.TargetPort}{protocol}";
    }
}
