using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>The names with which a service reaches the host, as opposed to itself.</summary>
/// <param name="rules">The stack's own rules.</param>
internal sealed class HostNames(ComposeService service, LiteralRules rules)
{
    private const string Gateway = "host-gateway";
    private const string Engine = "host.docker.internal";

    /// <summary>The names in addition to those of every container, in lower case.</summary>
    public IReadOnlyList<string> Further { get; } =
    [
        .. service.ExtraHosts.Where(h => h.Value.Contains(Gateway)).Select(h => h.Key).Concat(rules.Hosts)
            .Select(h => h.ToLowerInvariant()).Distinct(),
    ];

    /// <summary>Whether a name refers to the host from everywhere; <c>localhost</c> does not.</summary>
    public bool Contains(string name) =>
        name.Equals(Engine, StringComparison.OrdinalIgnoreCase) || Further.Contains(name, StringComparer.OrdinalIgnoreCase);
}
