using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Reads compose files without Compose, for machines that have none.</summary>
/// <remarks>
/// What it does not understand it refuses by file and key, rather than pass over it. Where Compose is installed, that is
/// used instead: it is the authority on its files.
/// </remarks>
internal static class ComposeDocument
{
    private const int MostFiles = 1000;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Reads a project.</summary>
    /// <returns>What <c>docker compose config --format json</c> would print, as far as a model is read from it.</returns>
    /// <exception cref="InstanceKitException">A file is missing or wrong, or only Compose understands it.</exception>
    public static string Read(ComposeSource source)
    {
        var (read, files) = (source.Read, 0);
        source = source with
        {
            // Two files that each include two more, and so on, are a million after twenty.
            Read = path => ++files <= MostFiles ? read(path) : throw InstanceKitException.Usage(
                $"The compose files include or extend more than {MostFiles} files.", "Include each file once."),
        };
        return ReadProject(source);
    }

    private static string ReadProject(ComposeSource source)
    {
        var unset = new ComposeFileReading(source, source.Environment.GetValueOrDefault);
        var values = unset.ReadEnv(source.EnvFiles, isRequired: true, source.Environment.GetValueOrDefault);
        var files = new ComposeFileReading(source, name =>
            name == "COMPOSE_PROJECT_NAME" ? source.Project : source.Environment.GetValueOrDefault(name) ?? values.GetValueOrDefault(name));
        var assembly = new ComposeAssembly(files, source.ProjectDirectory);
        var root = assembly.Assemble(source.ComposeFiles);
        var place = files.PlaceOf(source.ComposeFiles[0], source.ProjectDirectory);
        if (assembly.IsEmpty)
            throw place.Wrong("is empty");
        root["services"] ??= new JsonObject();

        var project = new ProjectCompletion(source.Project, root, place);
        project.Choose(source.Profiles.Count > 0 ? source.Profiles : files.Variables("COMPOSE_PROFILES")?.Split(',') ?? []);
        var services = new ServiceCompletion(files);
        foreach (var (_, service) in (JsonObject)root["services"]!)
            services.Complete((JsonObject)service!);
        project.Complete();

        // Compose prints what it could read again: text that it would interpolate is escaped.
        return Sorted(root)!.ToJsonString(Options).Replace("$", "$$", StringComparison.Ordinal);
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => KeyValuePair.Create(e.Key, Sorted(e.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

/// <summary>Everything that determines the meaning of compose files, besides their text.</summary>
/// <param name="Project">The project's name; it wins over the one in the files.</param>
/// <param name="ProjectDirectory">The absolute path that paths in the files are relative to.</param>
/// <param name="ComposeFiles">The absolute paths of the compose files; later ones are laid over earlier ones.</param>
/// <param name="EnvFiles">The absolute paths of the env files for interpolation; of one variable, the last counts.</param>
/// <param name="Profiles">The profiles that are part of it.</param>
/// <param name="Environment">The variables of the process; they win over the env files.</param>
/// <param name="Read">A file's text; <see langword="null"/> when it does not exist.</param>
internal sealed record ComposeSource(
    string Project,
    string ProjectDirectory,
    IReadOnlyList<string> ComposeFiles,
    IReadOnlyList<string> EnvFiles,
    IReadOnlyList<string> Profiles,
    IReadOnlyDictionary<string, string> Environment,
    Func<string, string?> Read)
{
    /// <summary>The absolute path that files are named relative to in errors; the project directory where there is none.</summary>
    public string? Root { get; init; }
}

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
