using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Compose;

/// <summary>Directories of the workspace in which services store data, and the instance's replacements for them.</summary>
/// <remarks>
/// Instance 0 keeps those of the workspace. What is mounted at a well-known data path, writable and from inside the
/// workspace, is moved to the instance's directory for every service that mounts it; anything else that is writable is
/// reported, because it may be source code, which all instances share intentionally.
/// </remarks>
internal sealed class InstanceData
{
    private readonly OverrideScope _scope;
    private readonly IReadOnlyList<string> _moved;

    /// <summary>Finds the folders of a model.</summary>
    public InstanceData(OverrideScope scope)
    {
        _scope = scope;
        _moved = scope.IsMoved
            ?
            [
                .. scope.Model.Services.SelectMany(s => s.Mounts.Where(m => DataPlaces.IsData(s, m)).Select(SourceOf))
                    .OfType<string>().Where(s => InWorkspace(s) is not null).Distinct().Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>The instance's directories, absolute; they must exist before the containers are created.</summary>
    public IReadOnlyList<string> Folders => [.. _moved.Select(Own)];

    /// <summary>The workspace's directories that the instance replaces, relative to the workspace.</summary>
    public IReadOnlyList<string> Moved => [.. _moved.Select(Shown)];

    /// <summary>The mounts of a service that use a directory of the instance instead.</summary>
    public IReadOnlyList<ComposeMount> MountsOf(ComposeService service) =>
        [.. service.Mounts.Where(m => m.Type == "bind" && IsMoved(PathOf(m))).Select(m => m with { Source = Own(PathOf(m)!) })];

    /// <summary>The instance's directory for a volume in a directory of the workspace; <see langword="null"/> to keep its device.</summary>
    public string? DeviceOf(ComposeVolume volume) =>
        FolderOf(volume) is { } folder && IsMoved(folder) ? Own(folder) : null;

    /// <summary>Reports which directories are the instance's own, and what services may write outside of them.</summary>
    public void AddNotes()
    {
        if (_moved.Count > 0)
        {
            _scope.Notes.Add(
                $"The data in {string.Join(", ", Moved)} belongs to instance 0; instance "
                + $"{_scope.Spec.Number} starts without data, in {_scope.Spec.Paths.Relative(Own(""))}.");
        }

        foreach (var service in _scope.Model.Services)
        {
            var shared = service.Mounts.Where(m => DataPlaces.MayBeWritten(m) && !IsMoved(PathOf(m))).Select(m => Shown(PathOf(m)!))
                .Distinct().ToList();
            if (shared.Count > 0)
                _scope.Notes.Add($"Service {service.Name} may write to {string.Join(", ", shared)}, which all instances share.");
        }

        foreach (var volume in _scope.Model.Volumes.Where(v => !v.IsExternal && Device(v) is not null && DeviceOf(v) is null))
            _scope.Notes.Add($"Volume {volume.Name} is stored in {Shown(Device(volume)!)}; all instances share its data.");
    }

    /// <summary>The directory of a mount's data, possibly of a volume; <see langword="null"/> if the engine stores it.</summary>
    private string? SourceOf(ComposeMount mount) => mount.Type == "volume"
        ? _scope.Model.Volumes.FirstOrDefault(v => v.Key == mount.Source && !v.IsExternal) is { } volume ? FolderOf(volume) : null
        : PathOf(mount);

    private static string? PathOf(ComposeMount mount) => mount.Source is { } source ? Unescaped(source) : null;

    /// <summary>Compose prints a dollar sign twice; a path contains it once.</summary>
    private static string Unescaped(string path) => path.Replace("$$", "$", StringComparison.Ordinal);

    private static string? FolderOf(ComposeVolume volume) =>
        volume.DriverOptions.GetValueOrDefault("o", "").Split(',').Contains("bind") ? Device(volume) : null;

    private static string? Device(ComposeVolume volume) =>
        volume.DriverOptions.GetValueOrDefault("type") is not "tmpfs" && volume.DriverOptions.GetValueOrDefault("device") is { Length: > 0 } device
            ? Unescaped(device)
            : null;

    private bool IsMoved(string? source) =>
        source is not null && _moved.Any(m => source == m || source.StartsWith(m.TrimEnd('/', '\\') + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private string Own(string source) => Path.Combine(_scope.Spec.Paths.Data, InWorkspace(source) ?? "");

    /// <summary>The path relative to the workspace; <see langword="null"/> if outside, the workspace itself or generated.</summary>
    private string? InWorkspace(string source)
    {
        if (source.Length == 0)
            return null;
        var relative = _scope.Spec.Paths.Relative(source);
        return Path.IsPathRooted(relative) || relative is "." or ".." || relative.StartsWith("../", StringComparison.Ordinal)
            || relative.Split('/')[0] == Instances.InstancePaths.RootName
            ? null
            : relative;
    }

    private string Shown(string source) => _scope.Spec.Paths.Relative(source) == "." ? "the workspace" : InWorkspace(source) ?? source;
}

/// <summary>Decides, from a mount's paths, whether a service stores data there.</summary>
internal static partial class DataPlaces
{
    /// <summary>Whether it is a writable mount at a usual data path of images.</summary>
    public static bool IsData(ComposeService service, ComposeMount mount) =>
        mount is { IsReadOnly: false, Type: "bind" or "volume" }
        && !HasExtension().IsMatch(mount.Target)
        && (Data().IsMatch(mount.Target) || (EndsInData().IsMatch(mount.Target) && Keeper().IsMatch(service.Image ?? "")));

    /// <summary>Whether a service may write to the host's file system, where others see it.</summary>
    public static bool MayBeWritten(ComposeMount mount) =>
        mount is { IsReadOnly: false, Type: "bind", Source: not null }
        && !HasExtension().IsMatch(mount.Target) && !OnlyRead().IsMatch(mount.Target) && !OfSystem().IsMatch(mount.Source);

    [GeneratedRegex("^/(data|bitnami|var/(lib|opt)|consul/data|mnt/data|qdrant/storage)(/|$)")]
    private static partial Regex Data();

    /// <summary>A directory of this name may contain anything unless the image is known to store data.</summary>
    [GeneratedRegex("/(data|db|storage|pgdata)/?$")]
    private static partial Regex EndsInData();

    [GeneratedRegex(
        "postgres|postgis|timescale|mysql|mariadb|percona|mongo|redis|valkey|keydb|dragonfly|elastic|opensearch|minio|clickhouse|"
        + "cassandra|scylla|neo4j|influx|rabbitmq|kafka|redpanda|etcd|consul|zookeeper|qdrant|weaviate|milvus|chroma|meilisearch|"
        + "typesense|cockroach|couch|surreal|nats|loki|prometheus|grafana|vault|temporal|solr|arango|questdb|rethink")]
    private static partial Regex Keeper();

    /// <summary>A file, not a folder: it is configuration, a script, a socket.</summary>
    [GeneratedRegex(@"[^/]\.[A-Za-z]{1,10}$")]
    private static partial Regex HasExtension();

    [GeneratedRegex("^/etc(/|$)|initdb|entrypoint")]
    private static partial Regex OnlyRead();

    [GeneratedRegex(@"^/(dev|proc|sys|run|var/run|etc)(/|$)|\.sock$")]
    private static partial Regex OfSystem();
}
