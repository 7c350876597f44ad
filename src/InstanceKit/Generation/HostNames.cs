using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>The names by which a service reaches the host, as opposed to itself.</summary>
/// <param name="service">The service.</param>
/// <param name="rules">The stack's own rules.</param>
internal sealed class HostNames(ComposeService service, LiteralRules rules)
{
    private const string Gateway = "host-gateway";
    private const string Engine = "host.docker.internal";

    /// <summary>The names beside those that every container has, in lower case.</summary>
    public IReadOnlyList<string> Further { get; } =
    [
        .. service.ExtraHosts.Where(h => h.Value.Contains(Gateway)).Select(h => h.Key).Concat(rules.Hosts)
            .Select(h => h.ToLowerInvariant()).Distinct(),
    ];

    /// <summary>Whether a name, as it is written, means the host whoever asks; <c>localhost</c> does not.</summary>
    public bool Contains(string name) =>
        name.Equals(Engine, StringComparison.OrdinalIgnoreCase) || Further.Contains(name, StringComparer.OrdinalIgnoreCase);
}
