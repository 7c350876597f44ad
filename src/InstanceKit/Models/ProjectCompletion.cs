using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Completes the project: names its resources, drops unused ones, and rejects undeclared ones.</summary>
/// <param name="root">The merged content of the files; it is modified.</param>
/// <param name="place">The place of its first file, for errors.</param>
internal sealed class ProjectCompletion(string project, JsonObject root, ComposePlace place)
{
    private const string DefaultNetwork = "default";
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);

    private JsonObject Services => (JsonObject)root["services"]!;

    /// <summary>Leaves out the services of profiles that are not chosen.</summary>
    public void Choose(IReadOnlyList<string> profiles)
    {
        foreach (var (name, service) in Services.ToList())
        {
            var own = ServiceCompletion.Texts((JsonObject)service!, "profiles").ToList();
            if (own.Count > 0 && !profiles.Contains("*") && !own.Any(profiles.Contains))
            {
                Services.Remove(name);
                _leftOut.Add(name);
            }
        }
    }

    /// <summary>Names and prunes the resources, once the services are complete.</summary>
    /// <exception cref="InstanceKitException">A service uses an undeclared resource.</exception>
    public void Complete()
    {
        foreach (var (name, service) in Services)
            RequireWhole((JsonObject)service!, place.At("services").At(name));
        DependencyCircle.Refuse(Services, place.At("services"));
        Declare("networks", s => (s["networks"] as JsonObject ?? []).Select(n => n.Key));
        Declare("volumes", s => Members(s, "volumes").Where(v => $"{v["type"]}" == "volume").Select(v => v["source"]?.ToString()).OfType<string>());
        foreach (var section in new[] { "configs", "secrets" })
            Declare(section, s => Members(s, section).Select(g => $"{g["source"]}").Concat(OfBuild(s, section)));
        root["name"] = project;
    }

    private void RequireWhole(JsonObject service, ComposePlace at)
    {
        if (service["image"] is null && service["build"] is null)
            throw at.Wrong("has neither an image nor a build");
        if (service["network_mode"] is not null && service["networks"] is JsonObject { Count: > 0 })
            throw at.Wrong("has both networks and a network_mode");
        foreach (var (name, dependency) in service["depends_on"] as JsonObject ?? [])
        {
            var isOptional = dependency!["required"]?.GetValue<bool>() == false && _leftOut.Contains(name);
            if (!Services.ContainsKey(name) && !isOptional)
                throw at.Wrong($"depends on service '{name}', which is not part of the project");
        }
    }

    private void Declare(string section, Func<JsonObject, IEnumerable<string>> uses)
    {
        var declared = root[section] as JsonObject ?? [];
        var result = new JsonObject();
        foreach (var (service, definition) in Services)
        {
            foreach (var name in uses((JsonObject)definition!))
            {
                if (!declared.ContainsKey(name) && (section, name) != ("networks", DefaultNetwork))
                    throw place.At("services").At(service).Wrong($"uses {section}.{name}, which is not declared");
                result[name] = Named(name, declared[name]?.DeepClone() as JsonObject ?? []);
            }
        }

        root.Remove(section);
        if (result.Count > 0)
            root[section] = result;
    }

    private JsonObject Named(string key, JsonObject resource)
    {
        var isExternal = resource["external"]?.GetValue<bool>() == true;
        if (!isExternal)
            resource.Remove("external");
        resource["name"] ??= isExternal ? key : $"{project}_{key}";
        return resource;
    }

    private static IEnumerable<JsonObject> Members(JsonObject service, string key) => (service[key] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> OfBuild(JsonObject service, string section) =>
        (service["build"]?[section] as JsonArray ?? []).Select(s => s is JsonObject entry ? $"{entry["source"]}" : $"{s}");
}

/// <summary>Services that wait for each other, and so for ever.</summary>
internal static class DependencyCircle
{
    private const int LongestChain = 1000;

    /// <summary>Refuses them.</summary>
    /// <exception cref="InstanceKitException">There is a circle; its services are named.</exception>
    public static void Refuse(JsonObject services, ComposePlace place)
    {
        var open = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        void Visit(string name)
        {
            if (open.Contains(name))
                throw place.Wrong($"have a dependency cycle: {string.Join(" -> ", open.SkipWhile(n => n != name).Append(name))}");
            if (!done.Add(name))
                return;
            open.Add(name);
            if (open.Count > LongestChain)
                throw place.Wrong($"have a dependency chain of more than {LongestChain}");
            foreach (var (other, _) in services[name]?["depends_on"] as JsonObject ?? [])
                Visit(other);
            open.RemoveAt(open.Count - 1);
        }

        foreach (var (name, _) in services)
            Visit(name);
    }
}
