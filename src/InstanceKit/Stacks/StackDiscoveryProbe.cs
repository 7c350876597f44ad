using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using InstanceKit.Env;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Stacks;

/// <summary>
/// Discovers what a workspace runs if it is neither ShipSec Studio nor completely described by a stack file. Its PM2 config is a
/// program of the workspace, so only commands that run the workspace evaluate it; others use their cached result.
/// </summary>
internal static class StackDiscoveryProbe
{
    /// <summary>The stack.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="file">Its stack file; an empty one if it has none.</param>
    /// <param name="next">Formats the commands that errors recommend.</param>
    /// <param name="evaluation">Whether the PM2 config may be evaluated.</param>
    /// <exception cref="InstanceKitException">There is no compose file, or the PM2 config can't be evaluated.</exception>
    public static async Task<StackDefinition> FindAsync(
        string workspace, StackFile file, NextCommand next, ConfigEvaluation evaluation, CancellationToken cancellation)
    {
        var composeFiles = file.ComposeFiles ?? ComposeFileProbe.Find(workspace, next);
        if (composeFiles.Count == 0)
            throw ComposeFileProbe.NotFound(workspace, next);
        // App names do not depend on the stack name.
        var ownName = StackNaming.Find(workspace, composeFiles);
        var name = file.Name ?? ownName;
        var config = file.Pm2Config ?? StackReader.FindPm2Config(workspace);
        var found = file.Apps is null && config is not null ? await AppsAsync(workspace, ownName, config, evaluation, cancellation) : [];
        var apps = found ?? [];
        return new StackDefinition
        {
            Name = name,
            ConfigPrefix = name,
            ComposeFiles = composeFiles,
            Pm2Config = config,
            HasUnknownApps = found is null,
            Ports = [.. apps.Where(a => a.Port is not null).Select(a => new NamedPort(
                PortNameOf(a), a.Name, a.Port!.Value, new PortOwner(OwnerKind.App, a.Name), "http"))],
            Apps = [.. apps.Select(a => new AppDefinition
            {
                Name = a.Name, Directory = a.Directory, ConfigName = a.ConfigName, MayLackEnvFile = true,
                PortName = a.Port is null ? null : PortNameOf(a), FurtherEnvFiles = a.EnvFiles, ConfigVariables = a.Variables,
            })],
            Variables = [new("INSTANCEKIT_INSTANCE", "{instance}")],
        };
    }

    /// <summary>Variables that differ from one command to the next; a config that copies all of them reads these too.</summary>
    private static readonly string[] Ephemeral = ["_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES"];

    private static string PortNameOf(DiscoveredApp app) =>
        (char.IsAsciiDigit(app.Name[0]) ? "APP_" : "") + app.Name.ToUpperInvariant().Replace('-', '_');

    /// <returns><see langword="null"/> if the config may not be evaluated and no result is cached.</returns>
    private static async Task<IReadOnlyList<DiscoveredApp>?> AppsAsync(
        string workspace, string stack, string config, ConfigEvaluation evaluation, CancellationToken cancellation)
    {
        var path = Path.Combine(workspace, config);
        var cache = Path.Combine(workspace, FileStore.GuardedName, ".cache", "apps.json");
        var cached = ReadCache(cache);
        if (evaluation == ConfigEvaluation.Never)
            return cached?.Apps;
        if (cached is not null && cached.Key == KeyOf(workspace, stack, path, cached))
            return cached.Apps;

        var read = await Pm2Client.ReadConfigAsync(path, Pm2ConfigRunner.Variables(DiscoveredApps.Instance), cancellation);
        var apps = DiscoveredApps.Of(
            read.Apps, workspace, stack, f => PackageScripts.Read(Path.Combine(workspace, f)), f => VariablesIn(workspace, f));
        if (evaluation == ConfigEvaluation.Remembered || Directory.Exists(Path.Combine(workspace, FileStore.GuardedName)))
        {
            var found = new CachedApps("", apps) { Files = OwnFiles(workspace, read.Files), Variables = [.. read.Variables.Except(Ephemeral)] };
            FileStore.TryWrite(
                cache, JsonSerializer.Serialize(found with { Key = KeyOf(workspace, stack, path, found) }, AppsJson.Default.CachedApps));
        }

        return apps;
    }

    /// <summary>The files of the workspace itself; a package can have thousands.</summary>
    private static List<string> OwnFiles(string workspace, IEnumerable<string> files) =>
    [
        .. files.Select(f => Path.GetRelativePath(workspace, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(f) && !f.Split('/').Contains("node_modules"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Everything known to determine the apps: the config, what it reads, and the files in their directories.</summary>
    private static string KeyOf(string workspace, string stack, string config, CachedApps found) => ContentHash.Of(
        new[] { "3", workspace, stack, FileStore.ReadText(config) ?? "" }
            .Concat(found.Files.Select(f => FileStore.ReadText(Path.Combine(workspace, f)) ?? ""))
            .Concat(found.Variables.Select(v => Environment.GetEnvironmentVariable(v) ?? ""))
            .Concat(found.Apps.Select(a => a.Directory).Distinct().SelectMany(
            f => new[] { "package.json", ".env", ".env.example" }.Select(
                n => FileStore.ReadText(Path.Combine(workspace, f, n)) ?? ""))));

    private static CachedApps? ReadCache(string path)
    {
        try
        {
            return FileStore.ReadText(path) is { } json && JsonSerializer.Deserialize(json, AppsJson.Default.CachedApps) is { } cached
                && cached.Apps?.All(a => a is { Name.Length: > 0, ConfigName: not null, Directory: not null, EnvFiles: not null, Variables: not null }) == true ? cached : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // as good as not there: the config is evaluated
        }
    }

    private static IReadOnlyDictionary<string, string> VariablesIn(string workspace, string folder) =>
        new[] { ".env", ".env.example" }.Select(n => FileStore.ReadText(Path.Combine(workspace, folder, n)))
            .FirstOrDefault(t => t is not null) is { } text
            ? DotEnvDocument.Parse(text).EffectiveValues()
            : new Dictionary<string, string>();
}

/// <summary>Whether the PM2 config of a workspace may be evaluated, which runs the workspace's code.</summary>
public enum ConfigEvaluation
{
    /// <summary>No: use the cached result, even if the config has changed since.</summary>
    Never,

    /// <summary>Yes; cache the result if instances exist.</summary>
    Allowed,

    /// <summary>Yes, and cache the result.</summary>
    Remembered,
}

/// <summary>Finds the compose files of a workspace that no stack file names, as Compose itself does and a little further.</summary>
internal static class ComposeFileProbe
{
    private static readonly string[] Names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    private static readonly string[] Folders = ["docker", "deploy", "infra", "infrastructure", ".docker", "dev"];

    /// <summary>The files, relative to the workspace; empty when there are none.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="next">Formats the command to continue with.</param>
    /// <exception cref="InstanceKitException">There are several folders to choose from.</exception>
    public static IReadOnlyList<string> Find(string workspace, NextCommand next)
    {
        if (FromEnvFile(workspace) is { Count: > 0 } chosen)
            return chosen;
        if (In(workspace, "") is { Count: > 0 } own)
            return own;
        var found = Folders.Select(f => In(workspace, f)).Where(f => f.Count > 0).ToList();
        return found.Count switch
        {
            0 => [],
            1 => found[0],
            _ => throw InstanceKitException.Usage(
                $"Workspace '{workspace}' has several compose files: {string.Join(", ", found.Select(f => f[0]))}.",
                $"List those of the stack in its instancekit.yml, for example 'compose: {{files: [{found[0][0]}]}}', then: {next.For("Up", 1)}"),
        };
    }

    /// <summary>The error for a workspace without any.</summary>
    public static InstanceKitException NotFound(string workspace, NextCommand next) => InstanceKitException.Usage(
        $"Workspace '{workspace}' has no compose file: there is no {Stacks.StudioStack.ComposeFile} or {string.Join(", ", Names)} in it "
        + $"or in its directories {string.Join(", ", Folders)}.",
        $"Name the files in its instancekit.yml, or pass the directory that contains one: {next.OfMachine("Up --instance 1 --workspace PATH")}");

    /// <summary>Compose reads COMPOSE_FILE from the workspace's .env too.</summary>
    private static IReadOnlyList<string> FromEnvFile(string workspace)
    {
        if (WorkspaceTextReader.ReadEnv(Path.Combine(workspace, ".env"), ".env") is not { } text)
            return [];
        var values = DotEnvDocument.Parse(text).EffectiveValues();
        var separator = values.GetValueOrDefault("COMPOSE_PATH_SEPARATOR") ?? Path.PathSeparator.ToString();
        return values.TryGetValue("COMPOSE_FILE", out var files)
            ? [.. files.Split(separator, StringSplitOptions.RemoveEmptyEntries).Where(f => File.Exists(Path.Combine(workspace, f)))]
            : [];
    }

    private static IReadOnlyList<string> In(string workspace, string folder)
    {
        var name = Names.FirstOrDefault(n => File.Exists(Path.Combine(workspace, folder, n)));
        if (name is null)
            return [];
        string[] overrides = [.. new[] { ".yml", ".yaml" }.Select(e => $"{Path.GetFileNameWithoutExtension(name)}.override{e}")];
        return [.. new[] { name }.Concat(overrides.Where(o => File.Exists(Path.Combine(workspace, folder, o))).Take(1))
            .Select(n => folder.Length == 0 ? n : $"{folder}/{n}")];
    }
}

/// <summary>How discovered apps are stored; generated at compile time, for native compilation.</summary>
[JsonSerializable(typeof(CachedApps))]
internal sealed partial class AppsJson : JsonSerializerContext;

/// <summary>The apps of a workspace.</summary>
/// <param name="Key">Tells everything that decides about them.</param>
/// <param name="Apps">What was found.</param>
internal sealed record CachedApps(string Key, IReadOnlyList<DiscoveredApp> Apps)
{
    /// <summary>The files of the workspace that the config has read, relative to it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The variables that it has read.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];
}

/// <summary>Names a stack that no stack file names.</summary>
internal static partial class StackNaming
{
    private const int Longest = 40;

    /// <summary>
    /// The compose files' own <c>name:</c>; else the folder of the repository, which all worktrees of it share; else the
    /// workspace's folder.
    /// </summary>
    public static string Find(string workspace, IReadOnlyList<string> composeFiles) =>
        composeFiles.Select(f => NameIn(Path.Combine(workspace, f))).LastOrDefault(n => n is not null)
        ?? Sanitize(Path.GetFileName(MainRepository(workspace) ?? workspace)) ?? "stack";

    private static string? NameIn(string composeFile)
    {
        try
        {
            return FileStore.ReadText(composeFile) is { } text
                && YamlText.Load(text) is [var document, ..] && document.RootNode is YamlMappingNode root
                && root.Children.TryGetValue("name", out var name) && name is YamlScalarNode { Value: { } word }
                && StackDefinition.IsName(word) ? word : null;
        }
        catch (Exception e) when (e is YamlException or IOException or UnauthorizedAccessException)
        {
            // Compose will report the error.
            return null;
        }
    }

    /// <summary>A worktree's <c>.git</c> is a file that points into the repository it belongs to.</summary>
    private static string? MainRepository(string workspace)
    {
        var link = Path.Combine(workspace, ".git");
        if (FileStore.ReadText(link) is not { } text || WorktreeLink().Match(text) is not { Success: true } match)
            return null;
        return Path.GetFullPath(Path.Combine(workspace, match.Groups["repository"].Value));
    }

    private static string? Sanitize(string name)
    {
        var text = Unusable().Replace(name.ToLowerInvariant(), "-").Trim('-', '_');
        return text.Length == 0 ? null : text[..Math.Min(text.Length, Longest)];
    }

    [GeneratedRegex(@"^gitdir:\s*(?<repository>.+)[/\\]\.git[/\\]worktrees[/\\]", RegexOptions.Multiline)]
    private static partial Regex WorktreeLink();

    [GeneratedRegex("[^a-z0-9_-]+")]
    private static partial Regex Unusable();
}
