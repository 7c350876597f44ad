using System.Text.RegularExpressions;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Finds values in a service that tell the outside world how to reach the stack from the host.</summary>
/// <remarks>
/// Inside a container, <c>localhost</c> is the container itself. So an address of a port that the service listens on
/// itself is only changed where its name says that it is meant for others (an advertised address), and never behind
/// <c>0.0.0.0</c>, where it listens; any other base port can only mean the host (a CORS origin), and is changed
/// everywhere but in the health check.
/// </remarks>
public sealed partial class ComposeLiterals(
    ComposeService service, PortPlan ports, StackDefinition stack, SubnetPlan? subnets = null)
{
    private readonly PortMap _all = PortMap.Of(ports, stack);
    private readonly PortMap _others = OthersOf(service, ports, stack);

    /// <summary>The variables whose values change.</summary>
    public IReadOnlyDictionary<string, string> ChangedEnvironment()
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in service.Environment)
        {
            if (value is not null && Patch(value, name) is var patched && patched != value)
                changed[name] = patched;
        }

        return changed;
    }

    /// <summary>The whole command when one of its arguments changes, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? ChangedCommand()
    {
        if (service.Command is not { } command)
            return null;
        // The word before names a value (--advertise-addr localhost:9092), but not another option.
        var patched = command
            .Select((word, i) => Patch(word, i > 0 && !word.StartsWith('-') ? $"{command[i - 1]} {word}" : word)).ToList();
        return patched.SequenceEqual(command) ? null : patched;
    }

    private string Patch(string value, string name) =>
        AddressLiterals.Patch(
            HostAddressPatcher.Patch(value, IsForOthers().IsMatch(name) ? _all : _others, listening: _others).Text,
            subnets ?? SubnetPlan.Empty);

    private static PortMap OthersOf(ComposeService service, PortPlan ports, StackDefinition stack)
    {
        var own = service.Ports.Select(p => p.TargetPort).Concat(service.Exposes).ToHashSet();
        return PortMap.Of(ports, stack, a => !own.Contains(a.BasePort));
    }

    [GeneratedRegex("advertis|external|public|cors|origin|redirect|callback|browser", RegexOptions.IgnoreCase)]
    private static partial Regex IsForOthers();
}
