using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>
/// Points the values of an app, which runs on the host, to one instance: ports of the stack on the local host, fixed
/// addresses of its networks, and the replacements of the stack's own rules.
/// </summary>
public sealed class AppLiterals
{
    private readonly SubnetPlan _subnets;
    private readonly LiteralRules _rules;

    /// <summary>Prepares for one instance.</summary>
    /// <param name="ports">From the stack's base ports to the instance's.</param>
    /// <param name="subnets">The instance's address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="rules">The stack's rules, their templates expanded; <see langword="null"/> for none.</param>
    public AppLiterals(PortMap ports, SubnetPlan? subnets = null, LiteralRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(ports);
        Ports = ports;
        _subnets = subnets ?? SubnetPlan.Empty;
        _rules = rules ?? LiteralRules.None;
        Hosts = [.. _rules.Hosts.Select(h => h.ToLowerInvariant())];
    }

    /// <summary>From the stack's base ports to the instance's.</summary>
    public PortMap Ports { get; }

    /// <summary>Further names of the local host, in lower case.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>Prepares for one instance by the rules of its stack.</summary>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="map">The ports to translate; <see langword="null"/> for all.</param>
    public static AppLiterals Of(InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null, PortMap? map = null)
    {
        var rules = spec.Stack.Literals;
        return new AppLiterals(map ?? PortMap.Of(ports, spec.Stack), subnets, rules with
        {
            Replacements =
            [
                .. rules.Replacements.Select(r => r with
                {
                    With = InstanceTemplate.Expand(r.With, spec.Number, spec.Stack.Name, spec.Project, ports.PortOf),
                }),
            ],
        });
    }

    /// <summary>The text for the instance; the same when nothing in it addresses the stack.</summary>
    public string Patch(string text) => _rules.Replacements.Aggregate(
        AddressLiterals.Patch(HostAddressPatcher.Patch(text, _ => Ports, Hosts).Text, _subnets),
        (patched, rule) => patched.Replace(rule.Find, rule.With, StringComparison.Ordinal));

    /// <summary>The value of a variable for the instance; the same where the stack's rules keep the variable.</summary>
    public string Patch(string name, string value) => _rules.Keeps(name) ? value : Patch(value);

    /// <summary>The instance's port, if a variable's value is just a base port of this stack; otherwise <see langword="null"/>.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="values">The expanded values of all variables: another variable may show that the port belongs to another host.</param>
    public int? PortOf(string name, string value, IReadOnlyDictionary<string, string> values) =>
        !_rules.Keeps(name) && EnvPortKey.LocalPort(name, value, values, Hosts) is { } port ? Ports.Translate(port) : null;
}
