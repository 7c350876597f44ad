using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Points what refers to a container by its fixed name to the instance's service of that container.</summary>
/// <remarks>A container that is none of the stack's is somebody else's: it stays, and is told of.</remarks>
internal sealed class ContainerNames(ComposeService service, OverrideScope scope)
{
    private const string Prefix = "container:";

    /// <summary>The modes that change (<c>network_mode</c>, <c>pid</c>, <c>ipc</c>), with their new values.</summary>
    public IReadOnlyDictionary<string, string> Modes()
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, name) in service.ContainerReferences)
        {
            if (key is "volumes_from" or "external_links")
                continue;
            if (scope.ServiceOfContainer(name) is { } target)
                changed[key] = $"service:{target.Name}";
            else
                scope.Notes.Add($"Service {service.Name} has the {key} of container {name}, which is shared by all instances.");
        }

        return changed;
    }

    /// <summary>All sources of further volumes when one of them changes; empty otherwise.</summary>
    public IReadOnlyList<string> VolumesFrom()
    {
        foreach (var source in service.VolumesFrom.Where(s => IsContainer(s) && Own(s) == s))
            scope.Notes.Add($"Service {service.Name} mounts the volumes of {source}, which is shared by all instances.");
        var own = service.VolumesFrom.Select(Own).ToList();
        return own.SequenceEqual(service.VolumesFrom) ? [] : own;

        static bool IsContainer(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

        string Own(string source) => IsContainer(source) && scope.ServiceOfContainer(Parts(source[Prefix.Length..])[0]) is { } target
            ? string.Join(':', new[] { target.Name }.Concat(Parts(source[Prefix.Length..])[1..]))
            : source;
    }

    /// <summary>The external links that become links to services of the instance, in Compose's form.</summary>
    public IReadOnlyList<string> Links() =>
        [.. service.ExternalLinks.Select(Parts).Where(p => scope.ServiceOfContainer(p[0]) is not null)
            .Select(p => $"{scope.ServiceOfContainer(p[0])!.Name}:{p[^1]}")];

    /// <summary>The external links that stay.</summary>
    public IReadOnlyList<string> ExternalLinks()
    {
        var kept = service.ExternalLinks.Where(l => scope.ServiceOfContainer(Parts(l)[0]) is null).ToList();
        foreach (var link in kept)
            scope.Notes.Add($"Service {service.Name} is linked to container {Parts(link)[0]}, which is shared by all instances.");
        return kept;
    }

    private static string[] Parts(string text) => text.Split(':');
}
