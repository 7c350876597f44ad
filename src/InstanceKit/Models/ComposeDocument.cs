using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Reads compose files without Compose, for machines that have none.</summary>
/// <remarks>
/// What it does not understand it refuses by file and key, rather than pass over it. Where Compose is installed, that is
/// used instead: it is the authority on its files.
/// </remarks>
public static class ComposeDocument
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
public sealed record ComposeSource(
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
