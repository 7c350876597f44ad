using System.Globalization;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;

namespace InstanceKit.Reconcile;

/// <summary>Compares containers with the compose files.</summary>
internal static class ContainerCheck
{
    /// <summary>What the services of an instance expect of their containers.</summary>
    /// <param name="merged">The compose files with the instance's override.</param>
    /// <param name="apps">The apps, for what they need.</param>
    /// <param name="label">The key of the label with the instance's number.</param>
    public static IReadOnlyList<ExpectedContainer> Expect(ComposeModel merged, IReadOnlyList<AppPlan> apps, string label)
    {
        ArgumentNullException.ThrowIfNull(merged);
        var networks = merged.Networks.ToDictionary(n => n.Key, StringComparer.Ordinal);
        return [.. merged.Services.Where(s => !s.IsScaledToZero).Select(Expect)];

        ExpectedContainer Expect(ComposeService service)
        {
            var own = service.Networks.Select(n => networks.GetValueOrDefault(n.Network)).OfType<ComposeNetwork>().ToList();
            var waits = merged.Services.Where(s => s.DependsOn.ContainsKey(service.Name))
                .ToLookup(s => s.DependsOn[service.Name] == ServiceGate.Completed, s => s.Name);
            return new ExpectedContainer(service.Name)
            {
                Label = service.Labels.GetValueOrDefault(label),
                Networks = [.. own.Select(n => n.Name)],
                // The engine publishes nothing of a container that is on internal networks only, or on none.
                Ports = own.Any(n => !n.IsInternal) ? [.. service.Ports.Select(Describe).OfType<string>().Distinct()] : [],
                MustRun = waits[true].Any() ? null : WhyItMustRun(service, apps, waits[false].FirstOrDefault()),
                IsOneShot = waits[true].Any(),
            };
        }
    }

    /// <summary>The containers, each with its deviation and whether it must run.</summary>
    /// <param name="containers">The containers from the engine.</param>
    /// <param name="expected">What is expected; <see langword="null"/> where no <c>Up</c> has recorded it yet.</param>
    /// <param name="publishing">The services that publish ports, for want of anything better.</param>
    public static IReadOnlyList<ObservedContainer> Apply(
        IReadOnlyList<ObservedContainer> containers, IReadOnlyList<ExpectedContainer>? expected, IReadOnlyCollection<string> publishing) =>
    [
        .. containers.Select(c =>
        {
            var wanted = expected?.FirstOrDefault(e => e.Service == c.Service);
            return c with
            {
                Lacks = wanted is null ? null : FindLack(c, wanted),
                MustRun = wanted?.MustRun
                    ?? (wanted is { IsOneShot: true } ? null
                        : c.HealthTest is ["CMD" or "CMD-SHELL", ..] ? "it has a health check"
                        : wanted is null && publishing.Contains(c.Service) ? "it publishes ports"
                        : null),
            };
        }),
    ];

    private static string? WhyItMustRun(ComposeService service, IReadOnlyList<AppPlan> apps, string? dependent) =>
        service.Ports.Count > 0 ? service.Ports[0] is { BasePort: { } port } ? $"it publishes port {port}" : "it publishes a port"
        : service.HealthCheck is { IsDisabled: false } ? "it has a health check"
        : apps.FirstOrDefault(a => a.Needs.Any(n => n.Service == service.Name)) is { } app ? $"app {app.Definition.Name} needs it"
        : dependent is not null ? $"service {dependent} depends on it without the condition {ServiceGate.Completed}"
        : null;

    private static string? Describe(PublishedPort port) =>
        port.BasePort is not { } first ? null
        : port.Count > 1 ? $"{first}-{first + port.Count - 1}/{port.Protocol}"
        : $"{first}/{port.Protocol}";

    private static string? FindLack(ObservedContainer container, ExpectedContainer expected)
    {
        if (expected.Label is { } label && container.Instance != label)
            return "its container was not created by this tool (it has no label of this instance)";
        if (container.State != ContainerState.Running)
            return null; // a stopped container has no networks and ports
        foreach (var network in expected.Networks)
        {
            if (!container.Networks.TryGetValue(network, out var names))
                return $"it is not connected to network {network}";
            if (!names.Contains(container.Service))
                return $"it has lost its name on network {network}";
        }

        return expected.Ports.FirstOrDefault(p => !IsPublished(p, container)) is { } port ? $"it no longer publishes port {port}" : null;
    }

    private static bool IsPublished(string port, ObservedContainer container)
    {
        var (range, protocol) = port.Split('/') is [var r, var p] ? (r, p) : (port, "tcp");
        var ends = range.Split('-').Select(e => int.TryParse(e, CultureInfo.InvariantCulture, out var end) ? end : 0).ToList();
        var published = protocol == "udp" ? container.PublishedUdp : protocol == "tcp" ? container.Published : null;
        return published is null || published.Any(number => number >= ends[0] && number <= ends[^1]);
    }
}
