using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Compose;

/// <summary>The input of every part of an override, and where each adds its notes.</summary>
/// <param name="model">The workspace's model, read under the instance's project name.</param>
internal sealed class OverrideScope(ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets)
{
    /// <summary>The longest host name in DNS.</summary>
    private const int LongestLabel = 63;

    private HashSet<string>? _names;

    /// <summary>The workspace's model.</summary>
    public ComposeModel Model => model;

    /// <summary>The instance.</summary>
    public InstanceSpec Spec => spec;

    /// <summary>Its ports.</summary>
    public PortPlan Ports => ports;

    /// <summary>Points texts to it.</summary>
    public Translator Translator { get; } = spec.TranslatorFor(ports, subnets, model);

    /// <summary>Its address ranges.</summary>
    public SubnetPlan Subnets => subnets;

    /// <summary>What is not changed although instances share it, and what users should know, in the order of the model.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Whether it differs from the workspace's own stack in more than the address that ports are bound to.</summary>
    public bool IsMoved => spec.Number > 0;

    /// <summary>
    /// Whether other services wait until this one is healthy and Compose does the waiting, to which the order of a start is
    /// left if a dependency is optional.
    /// </summary>
    public bool IsAwaitedByCompose(string service) =>
        model.Services.Any(s => s.HasOptionalDependency) && model.Services.Any(s => s.DependsOn.GetValueOrDefault(service) == "service_healthy");

    /// <summary>The network with this key; <see langword="null"/> where the model has none.</summary>
    public ComposeNetwork? Network(string key) => model.Networks.FirstOrDefault(n => n.Key == key);

    /// <summary>Whether instances share a network: it is external, or an interface of the host.</summary>
    public bool IsShared(string network) => Network(network) is { } found && (found.IsExternal || SubnetPlanner.IsOnWire(found));

    /// <summary>Whether services of the instance answer to this name by themselves.</summary>
    public bool IsService(string name) => model.Services.Any(s => s.Name == name);

    /// <summary>The service to which the workspace's files give this container name; <see langword="null"/> for none.</summary>
    public ComposeService? ServiceOfContainer(string name) => model.Services.FirstOrDefault(s => s.ContainerName == name);

    /// <summary>The instance's form of a name on a network that instances share: <c>db-1</c>, <c>db-1.example.com</c>.</summary>
    public string Own(string name)
    {
        if (!IsMoved)
            return name;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (label, domain) = dot < 0 ? (name, "") : (name[..dot], name[dot..]);
        // A stack with kafka and kafka-1 has that name already.
        var suffix = Names.Any(n => IsNumbered(n, label)) ? $"-i{spec.Number}" : $"-{spec.Number}";
        return label[..Math.Min(label.Length, LongestLabel - suffix.Length)] + suffix + domain;
    }

    /// <summary>Whether a name has the form that <see cref="Own"/> gives it.</summary>
    public bool IsOwn(string name) => !IsMoved || name.Split('.')[0] is var label
        && (label.EndsWith($"-{spec.Number}", StringComparison.Ordinal) || label.EndsWith($"-i{spec.Number}", StringComparison.Ordinal));

    /// <summary>The names of the whole stack, without their domains.</summary>
    private HashSet<string> Names => _names ??=
    [
        .. model.Services.SelectMany(s => s.Networks.SelectMany(n => n.Aliases).Concat([s.Name, s.ContainerName ?? s.Name, s.Hostname ?? s.Name]))
            .Select(n => n.Split('.')[0]),
    ];

    private static bool IsNumbered(string name, string label) =>
        name.Length > label.Length + 1 && name.StartsWith(label + "-", StringComparison.Ordinal)
        && name.AsSpan(label.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0;
}
