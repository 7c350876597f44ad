using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Points the addresses in a service's mounted configuration to one instance.</summary>
/// <remarks>
/// A name of the host (<c>host.docker.internal</c>, an extra host on the gateway, a further name of the stack file) means
/// the host, whatever the port. <c>localhost</c> is the container itself: there, a port on which the service listens
/// stays, and any other base port can only mean the host, as a browser sees it. Behind <c>0.0.0.0</c> a server listens.
/// </remarks>
public sealed class ConfigPatcher
{
    private static readonly PortMap None = PortMap.Of([]);

    private readonly PortMap _all;
    private readonly PortMap _others;
    private readonly SubnetPlan _subnets;
    private readonly HostNames _names;
    private readonly IReadOnlyList<(string Find, string With)> _replacements;

    /// <summary>Prepares for one service of one instance.</summary>
    public ConfigPatcher(ComposeService service, InstanceSpec spec, PortPlan ports, SubnetPlan subnets)
    {
        var stack = spec.Stack;
        _replacements =
        [
            .. stack.Literals.Replacements.Select(r => (
                r.Find, InstanceTemplate.Expand(r.With, spec.Number, stack.Name, spec.Project, ports.PortOf))),
        ];
        var own = service.Ports.Select(p => p.TargetPort).Concat(service.Exposes).ToHashSet();
        _all = PortMap.Of(ports, stack);
        _others = PortMap.Of(ports, stack, a => !own.Contains(a.BasePort));
        _subnets = subnets;
        _names = new HostNames(service, stack.Literals);
    }

    /// <summary>The text for the instance; the same when nothing in it addresses the stack.</summary>
    public string Patch(string text) => _replacements.Aggregate(AddressLiterals.Patch(
        HostAddressPatcher.Patch(text, host => _names.Contains(host) ? _all : IsListening(host) ? None : _others, _names.Further).Text, _subnets),
        (patched, rule) => patched.Replace(rule.Find, rule.With, StringComparison.Ordinal));

    private static bool IsListening(string host) => host is "0.0.0.0" or "[::]";
}
