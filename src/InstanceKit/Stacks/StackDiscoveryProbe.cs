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
    /// <param name="packages">Receives a line while packages that the PM2 config needs are installed; <see langword="null"/> not to install any.</param>
    /// <exception cref="InstanceKitException">There is no compose file, or the PM2 config can't be evaluated.</exception>
    public static async Task<StackDefinition> FindAsync(
        string workspace, StackFile file, NextCommand next, ConfigEvaluation evaluation, Action<string>? packages, CancellationToken cancellation)
    {
        var compose = file.ComposeFiles is { } listed ? new Candidates(listed, []) : ComposeFileProbe.Find(workspace, next);
        var composeFiles = compose.Chosen;
        // App names do not depend on the stack name.
        var ownName = StackNaming.Find(workspace, composeFiles);
        var name = file.Name ?? ownName;
        var pm2 = file.Pm2Config is { } named ? new Candidates([named], []) : Pm2ConfigProbe.Find(workspace);
        var config = pm2.Chosen.Count > 0 ? pm2.Chosen[0] : null;
        var found = file.Apps is null && config is not null
            ? await AppsAsync(workspace, ownName, config, composeFiles, evaluation, packages, cancellation)
            : [];
        var apps = found ?? [];
        return new StackDefinition
        {
            Name = name,
            ConfigPrefix = name,
            ComposeFiles = composeFiles,
            Pm2Config = config,
            HasUnknownApps = found is null,
            Notes = [.. new[] { compose.Note("compose.files"), pm2.Note("pm2") }.OfType<string>()],
            Ports =
            [
                .. apps.Where(a => a.Port is not null).Select(a => new NamedPort(
                    PortNameOf(a), a.Name, a.Port!.Value, new PortOwner(OwnerKind.App, a.Name), "http")),
                .. apps.SelectMany(a => a.Further.Select((f, i) => new NamedPort(
                    $"{PortNameOf(a)}_{f.Name}{(a.Further.Take(i).Any(o => o.Name == f.Name) ? $"_{f.Port}" : "")}",
                    $"{a.Name} {f.Name.ToLowerInvariant()}", f.Port, new PortOwner(OwnerKind.App, a.Name)))),
            ],
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
        string workspace, string stack, string config, IReadOnlyList<string> composeFiles, ConfigEvaluation evaluation, Action<string>? packages,
        CancellationToken cancellation)
    {
        var path = Path.Combine(workspace, config);
        var cache = Path.Combine(workspace, FileStore.GuardedName, ".cache", "apps.json");
        var cached = ReadCache(cache);
        if (evaluation == ConfigEvaluation.Never)
            return cached?.Apps;
        if (cached is not null && cached.Key == KeyOf(workspace, stack, path, cached))
            return cached.Apps;

        var read = await ReadAsync(workspace, path, packages, cancellation);
        var apps = DiscoveredApps.Of(
            read.Apps, workspace, stack, f => PackageScripts.Read(Path.Combine(workspace, f)), f => VariablesIn(workspace, f), OfServices(workspace, composeFiles));
        if (evaluation == ConfigEvaluation.Remembered || Directory.Exists(Path.Combine(workspace, FileStore.GuardedName)))
        {
            var found = new CachedApps("", apps) { ComposeFiles = composeFiles, Files = OwnFiles(workspace, read.Files), Variables = [.. read.Variables.Except(Ephemeral)] };
            FileStore.TryWrite(
                cache, JsonSerializer.Serialize(found with { Key = KeyOf(workspace, stack, path, found) }, AppsJson.Default.CachedApps));
        }

        return apps;
    }

    /// <summary>Evaluates the config, which may need packages of the workspace.</summary>
    private static async Task<EvaluatedConfig> ReadAsync(string workspace, string path, Action<string>? onStep, CancellationToken cancellation)
    {
        var packages = new PackageRunner(workspace);
        try
        {
            return await EvaluateAsync();
        }
        catch (MissingPackageException) when (onStep is not null && packages.IsNeeded)
        {
            await packages.InstallAsync(onStep, cancellation);
            return await EvaluateAsync();
        }

        Task<EvaluatedConfig> EvaluateAsync() =>
            Pm2Client.ReadConfigAsync(path, Pm2ConfigRunner.Variables(DiscoveredApps.Instance), cancellation);
    }

    /// <summary>Whether compose files name a variable or a number. What they publish is not known before Compose has read them.</summary>
    private static Func<string, int, bool> OfServices(string workspace, IReadOnlyList<string> composeFiles)
    {
        var text = new Lazy<string>(() => string.Join('\n', composeFiles.Select(f => FileStore.ReadText(Path.Combine(workspace, f)) ?? "")));
        return (name, port) => Regex.IsMatch(text.Value, $@"(?<![\w.]){port}(?![\w.])")
            || (name.Length > 0 && Regex.IsMatch(text.Value, $@"\$\{{?{Regex.Escape(name)}\b"));
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
        new[] { ContentHash.OfTool, workspace, stack, FileStore.ReadText(config) ?? "" }
            .Concat(found.Files.Select(f => FileStore.ReadText(Path.Combine(workspace, f)) ?? ""))
            .Concat(found.ComposeFiles.Select(f => FileStore.ReadText(Path.Combine(workspace, f)) ?? ""))
            .Concat(found.Variables.Select(v => Environment.GetEnvironmentVariable(v) ?? ""))
            .Concat(found.Apps.Select(a => a.Directory).Distinct().SelectMany(
            f => new[] { "package.json", ".env", ".env.example" }.Select(
                n => FileStore.ReadText(Path.Combine(workspace, f, n)) ?? ""))));

    private static CachedApps? ReadCache(string path)
    {
        try
        {
            return FileStore.ReadText(path) is { } json && JsonSerializer.Deserialize(json, AppsJson.Default.CachedApps) is { } cached
                && cached.Apps?.All(a => a is { Name.Length: > 0, ConfigName: not null, Directory: not null, EnvFiles: not null, Variables: not null, Further: not null }) == true ? cached : null;
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

    /// <summary>The compose files, which decide whose a port is.</summary>
    public IReadOnlyList<string> ComposeFiles { get; init; } = [];

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
