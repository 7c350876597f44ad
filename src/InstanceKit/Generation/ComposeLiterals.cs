using System.Text.RegularExpressions;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Finds values in a service that describe, to it or to others, how to reach the stack through the host.</summary>
/// <remarks>
/// Inside a container, <c>localhost</c> is the container itself. So an address of a port that the service listens on
/// itself is only changed if its name shows that it is for others (an advertised address), and never after
/// <c>0.0.0.0</c>, where it listens; any other base port can only mean the host (a CORS origin), and is changed
/// everywhere but in the health check. A name of the host (<c>host.docker.internal</c>, an extra host on the gateway)
/// means the host everywhere.
/// </remarks>
public sealed partial class ComposeLiterals
{
    private static readonly PortMap None = PortMap.Of([]);

    private readonly ComposeService _service;
    private readonly InstanceSpec _spec;
    private readonly PortPlan _ports;
    private readonly SubnetPlan _subnets;
    private readonly HostNames _hosts;
    private readonly PortMap _all;
    private readonly PortMap _others;

    /// <summary>Prepares for one service of one instance.</summary>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    public ComposeLiterals(ComposeService service, InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null)
    {
        (_service, _spec, _ports, _subnets) = (service, spec, ports, subnets ?? SubnetPlan.Empty);
        _hosts = new HostNames(service, spec.Stack.Literals);
        var own = service.Ports.Select(p => p.TargetPort).Concat(service.Exposes).ToHashSet();
        _all = PortMap.Of(ports, spec.Stack);
        _others = PortMap.Of(ports, spec.Stack, a => !own.Contains(a.BasePort));
    }

    /// <summary>The variables whose values change.</summary>
    public IReadOnlyDictionary<string, string> ChangedEnvironment() => Changed(_service.Environment, n => IsForOthers().IsMatch(n) ? _all : _others);

    /// <summary>The build arguments whose values change.</summary>
    public IReadOnlyDictionary<string, string> ChangedBuildArguments() =>
        Changed(_service.BuildArguments, n => IsForOthers().IsMatch(n) ? _all : _others);

    /// <summary>The labels whose values change: they are read outside of the container.</summary>
    public IReadOnlyDictionary<string, string> ChangedLabels() => Changed(_service.Labels, _ => _all);

    /// <summary>The whole command when one of its arguments changes, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? ChangedCommand() => Changed(_service.Command);

    /// <summary>The whole entry point, likewise.</summary>
    public IReadOnlyList<string>? ChangedEntrypoint() => Changed(_service.Entrypoint);

    /// <summary>The whole health check command when it connects through the host, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? ChangedTest()
    {
        var test = _service.HealthCheck?.Test ?? [];
        var patched = test.Select(w => Patch(w, None, None)).ToList();
        return patched.SequenceEqual(test) ? null : patched;
    }

    private SortedDictionary<string, string> Changed(IReadOnlyDictionary<string, string?> values, Func<string, PortMap> localPorts)
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (value is not null && !_spec.Stack.Literals.Keeps(name)
                && Patch(value, localPorts(name), _others) is var patched && patched != value)
                changed[name] = patched;
        }

        return changed;
    }

    private List<string>? Changed(IReadOnlyList<string>? words)
    {
        // The word before names a value (--advertise-addr localhost:9092), but not another option.
        var patched = words?.Select((word, i) => Patch(
            word,
            IsForOthers().IsMatch(i > 0 && !word.StartsWith('-') ? $"{words[i - 1]} {word}" : word) ? _all : _others,
            _others)).ToList();
        return patched is null || patched.SequenceEqual(words!) ? null : patched;
    }

    private string Patch(string value, PortMap local, PortMap listening)
    {
        var text = HostAddressPatcher.Patch(
            value, host => _hosts.Contains(host) ? _all : host is "0.0.0.0" or "[::]" ? listening : local, _hosts.Further).Text;
        text = AddressLiterals.Patch(text, _subnets);
        foreach (var rule in _spec.Stack.Literals.Replacements)
            text = text.Replace(Escaped(rule.Find), Escaped(Expand(rule.With)), StringComparison.Ordinal);
        return text;
    }

    private string Expand(string template) =>
        InstanceTemplate.Expand(template, _spec.Number, _spec.Stack.Name, _spec.Project, _ports.PortOf);

    /// <summary>As Compose prints and reads it: a dollar sign is doubled.</summary>
    private static string Escaped(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    [GeneratedRegex("advertis|external|public|cors|origin|redirect|callback|browser", RegexOptions.IgnoreCase)]
    private static partial Regex IsForOthers();
}
