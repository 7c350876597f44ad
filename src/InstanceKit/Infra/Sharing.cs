using System.Text.RegularExpressions;
using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Infra;

/// <summary>A service that all instances share.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Kind">How it is parted; <see langword="null"/> if it is not: it has no data, or is common by choice.</param>
/// <param name="IsCommon">Whether it has data that all instances share, because the stack file says so.</param>
internal sealed record SharedService(string Name, TenantKind? Kind, bool IsCommon);

/// <summary>Decides which services instances share.</summary>
/// <remarks>
/// A server whose tenants are known is shared, if the apps have a variable that names their part. What has no data and depends on
/// shared services alone, such as a console, is shared with them. Everything else is the instance's own, and so is what that
/// reaches inside the project's network, because no address there can name a tenant. The stack file decides first.
/// </remarks>
internal static class Sharing
{
    /// <summary>The shared services, in the order of the model.</summary>
    /// <param name="variables">The names of the variables that apps get.</param>
    /// <exception cref="InstanceKitException">The stack file names an unknown service, or a choice that is not possible.</exception>
    public static IReadOnlyList<SharedService> Decide(ComposeModel model, StackDefinition stack, IReadOnlyCollection<string> variables)
    {
        var services = model.WithoutScaledToZero().Services;
        var chosen = stack.Infra.Services;
        if (chosen.Keys.FirstOrDefault(c => model.Services.All(s => s.Name != c)) is { } unknown)
        {
            throw InstanceKitException.Usage(
                $"{StackFile.FileName}: '{unknown}' under infra.services is not a service of the compose files.",
                $"The services are {string.Join(", ", model.Services.Select(s => s.Name))}.");
        }

        var shared = new Dictionary<string, SharedService>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            var kind = service.Image is { } image ? TenantKinds.OfImage(image) : null;
            ServiceSharing? choice = chosen.TryGetValue(service.Name, out var own) || stack.DefaultSharing.TryGetValue(service.Name, out own) ? own : null;
            switch (choice)
            {
                case ServiceSharing.Own:
                    break;
                case ServiceSharing.Common:
                    shared[service.Name] = new SharedService(service.Name, null, IsCommon: true);
                    break;
                case ServiceSharing.Tenant when kind is null && chosen.ContainsKey(service.Name):
                    throw InstanceKitException.Usage(
                        $"{StackFile.FileName}: service {service.Name} can't be parted: no tenants of image {service.Image ?? "(built)"} are known.",
                        $"Use own or common: infra: {{services: {{{service.Name}: own}}}}");
                default:
                    if (kind is not null && (choice is not null || HasNameFor(kind.Value, variables)))
                        shared[service.Name] = new SharedService(service.Name, kind, IsCommon: false);
                    break;
            }
        }

        var settled = services.Where(s => chosen.ContainsKey(s.Name) || stack.DefaultSharing.ContainsKey(s.Name)).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            AddFollowers(services, shared, settled);
            if (FindTied(services, shared) is not var (needing, tied))
                return [.. services.Where(s => shared.ContainsKey(s.Name)).Select(s => shared[s.Name])];
            if (chosen.ContainsKey(tied))
            {
                throw InstanceKitException.Usage(
                    $"{StackFile.FileName}: service {tied} can't be shared, because service {needing} of each instance reaches it inside the project's network.",
                    $"Make it the instance's own, or share {needing} too: infra: {{services: {{{tied}: own}}}}");
            }

            shared.Remove(tied);
            settled.Add(tied);
        }
    }

    /// <summary>Whether the apps can be told of their part of such a server.</summary>
    private static bool HasNameFor(TenantKind kind, IReadOnlyCollection<string> variables)
    {
        return kind switch
        {
            TenantKind.Kafka => Any("TOPIC") && Any("GROUP"),
            TenantKind.Loki => Any("LOKI_TENANT") || Any("LOKI_ORG"),
            TenantKind.S3 => Any("BUCKET"),
            TenantKind.Temporal => Any("TEMPORAL_NAMESPACE"),
            _ => true,
        };

        bool Any(string part) => variables.Any(v => v.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static void AddFollowers(
        IReadOnlyList<ComposeService> services, Dictionary<string, SharedService> shared, HashSet<string> settled)
    {
        while (services.FirstOrDefault(s => !shared.ContainsKey(s.Name) && !settled.Contains(s.Name) && Follows(s, shared)) is { } follower)
            shared[follower.Name] = new SharedService(follower.Name, null, IsCommon: false);
    }

    private static bool Follows(ComposeService service, Dictionary<string, SharedService> shared) =>
        service is { IsBuilt: false, UsesEngine: false, NetworkMode: null, DependsOn.Count: > 0 } && (service.Image is not { } image || TenantKinds.OfImage(image) is null)
        && service.DependsOn.Keys.All(shared.ContainsKey)
        && !service.Mounts.Any(m => m.Type == "volume" || DataPlaces.IsData(service, m) || DataPlaces.MayBeWritten(m))
        && !TextsOf(service).Any(t => t.Contains(".internal", StringComparison.OrdinalIgnoreCase) || t.Contains("172.17.0.1", StringComparison.Ordinal));

    /// <summary>A shared service that an own one needs, or that needs an own one; the second is the shared one.</summary>
    private static (string Own, string Shared)? FindTied(IReadOnlyList<ComposeService> services, Dictionary<string, SharedService> shared)
    {
        foreach (var service in services)
        {
            var isShared = shared.ContainsKey(service.Name);
            foreach (var other in services.Where(o => o.Name != service.Name && shared.ContainsKey(o.Name) != isShared && Reaches(service, o.Name)))
                return isShared ? (other.Name, service.Name) : (service.Name, other.Name);
        }

        return null;
    }

    private static bool Reaches(ComposeService service, string other) => service.DependsOn.ContainsKey(other)
        || TextsOf(service).Any(t => t == other || Regex.IsMatch(t, $@"(?<![\w.-]){Regex.Escape(other)}(?=:\d|/)", RegexOptions.CultureInvariant));

    private static IEnumerable<string> TextsOf(ComposeService service) =>
        service.Environment.Values.Concat(service.Command ?? []).Concat(service.Entrypoint ?? []).OfType<string>();
}
