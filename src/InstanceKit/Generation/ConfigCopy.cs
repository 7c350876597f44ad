using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>A mounted file that an instance has in a version of its own.</summary>
/// <param name="Service">The service into which it is mounted.</param>
/// <param name="File">The file in the instance's folder.</param>
/// <param name="Target">Where it is mounted.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
public sealed record ConfigCopy(string Service, GeneratedFile File, string Target, bool IsReadOnly)
{
    /// <inheritdoc cref="ComposeMount.Relabel"/>
    public string? Relabel { get; init; }

    /// <summary>The files that differ for an instance, each patched.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="subnets">Its address ranges.</param>
    /// <param name="sources">The mounted files of the workspace.</param>
    public static IReadOnlyList<ConfigCopy> Of(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets, IReadOnlyList<ConfigSource> sources)
    {
        var patchers = model.Services.ToDictionary(
            s => s.Name, s => new ConfigPatcher(s, spec, ports, subnets), StringComparer.Ordinal);
        return
        [
            .. from source in sources
               let text = patchers[source.Service].Patch(source.Text)
               where text != source.Text
               select new ConfigCopy(source.Service, new GeneratedFile(NameOf(source), text, source.Path)
               {
                   Audience = source.Audience,
               }, source.Target, source.IsReadOnly) { Relabel = source.Relabel },
        ];
    }

    /// <summary>Named after the target, which is unique in the service.</summary>
    private static string NameOf(ConfigSource source) =>
        $"config/{source.Service}/" + string.Join('/', source.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s is not ("." or "..")));
}
