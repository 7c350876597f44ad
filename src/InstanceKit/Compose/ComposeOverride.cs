using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Compose;

/// <summary>What an instance changes in the workspace's compose model, so that nothing ties it to another instance.</summary>
/// <param name="Services">The changes of each service, in the model's order.</param>
/// <param name="Networks">The networks that are renamed or labelled, each with its name in this instance.</param>
/// <param name="Volumes">The volumes, likewise.</param>
/// <param name="Labels">The labels of everything that is created.</param>
/// <param name="Notes">What is not changed although instances share it, and why.</param>
public sealed record ComposeOverride(
    IReadOnlyList<ServiceOverride> Services,
    IReadOnlyList<ResourceOverride> Networks,
    IReadOnlyList<ResourceOverride> Volumes,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Notes)
{
    /// <summary>The <c>configs</c> and <c>secrets</c> of which the instance has its own version.</summary>
    public IReadOnlyList<ConfigEntry> Configs { get; init; } = [];

    /// <summary>What texts of the services mention of the stack.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>Folders of the instance in which services keep data, absolute; they must exist before the containers do.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>
    /// The longest time between two health checks of a service whose health Compose waits for at the start. All others are
    /// checked by the tool itself until they are healthy and keep their interval, because every check costs a process in the
    /// container for as long as the instance runs. (<c>start_interval</c> would do, but engines before 25 refuse it.)
    /// </summary>
    public static readonly TimeSpan AwaitedHealthInterval = TimeSpan.FromSeconds(2);

    /// <summary>Decides the override of one instance.</summary>
    /// <param name="model">The workspace's model, read under the instance's project name.</param>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="configs">Configuration of which it has its own version; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">A service is on the host's network, and the stack does not allow it.</exception>
    public static ComposeOverride Create(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null, ConfigSet? configs = null)
    {
        RefuseHostNetwork(model, spec);
        var scope = new OverrideScope(model, spec, ports, subnets ?? SubnetPlan.Empty);
        foreach (var service in model.Services.Where(IsOnHostNetwork))
        {
            scope.Notes.Add(
                $"Service {service.Name} uses network_mode: host; its ports can't be moved and are shared by all instances.");
        }

        foreach (var service in model.Services.Where(s => scope.IsMoved && s.UsesEngine))
            scope.Notes.Add($"Service {service.Name} uses the engine's socket: it sees the containers of all instances.");
        var data = new InstanceData(scope);
        var services = BuiltImages.Part([.. model.Services.Select(s => ServiceOverride.Create(s, scope, data).WithConfigs(spec, configs ?? ConfigSet.None))], scope);
        var networks = ResourceOverride.Networks(scope);
        var volumes = ResourceOverride.Volumes(scope, data);
        data.AddNotes();
        return new ComposeOverride(services, networks, volumes, spec.Labels, [.. scope.Notes.Distinct()])
        {
            DataFolders = data.Folders,
            Mentions = [.. services.SelectMany(s => s.Mentions), .. configs?.Mentions ?? []],
            Configs = configs?.Entries ?? [],
        };
    }

    private static bool IsOnHostNetwork(ComposeService service) => service.NetworkMode == "host";

    private static void RefuseHostNetwork(ComposeModel model, InstanceSpec spec)
    {
        if (spec.Stack.AllowsHostNetwork || model.Services.FirstOrDefault(IsOnHostNetwork) is not { } service)
            return;
        throw InstanceKitException.Usage(
            $"Service {service.Name} uses network_mode: host: it listens on the host itself, where its ports can't be moved, so "
            + "that two instances would conflict.",
            "Give it networks and published ports in the compose file, or allow it in instancekit.yml: allow: [host-network]");
    }
}

/// <summary>Gives an image to the instance alone whose build arguments differ, where the compose files fix its name.</summary>
/// <remarks>Otherwise the instance that was built last would replace the image of all others.</remarks>
internal static class BuiltImages
{
    /// <summary>The changes of all services, with their images'.</summary>
    public static IReadOnlyList<ServiceOverride> Part(IReadOnlyList<ServiceOverride> changes, OverrideScope scope)
    {
        var builders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in changes.Where(c => c.BuildArguments.Count > 0))
        {
            var service = scope.Model.Services.First(s => s.Name == change.Name);
            if (service is not { IsBuilt: true, Image: { } image } || !builders.TryAdd(image, service.Name))
                continue;
            scope.Notes.Add($"Service {service.Name} is built for this instance with its ports; Compose names the image, not {image}.");
        }

        return builders.Count == 0 ? changes : [.. changes.Select(c => Part(c, builders, scope))];
    }

    private static ServiceOverride Part(ServiceOverride change, Dictionary<string, string> builders, OverrideScope scope)
    {
        var service = scope.Model.Services.First(s => s.Name == change.Name);
        if (service.Image is not { } image || !builders.TryGetValue(image, out var builder))
            return change;
        return service.IsBuilt ? change with { ResetsImage = true } : change with { Image = $"{scope.Spec.Project}-{builder}" };
    }
}
