using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Compose;

/// <summary>Where services store data outside of the project's own volumes, and the instance's replacements for it.</summary>
/// <remarks>
/// Instance 0 keeps that of the workspace. What is mounted at a well-known data path, writable and from inside the
/// workspace, is moved to the instance's directory for every service that mounts it. Data elsewhere, or in an external volume,
/// moves if the stack file says so, and is refused otherwise unless that is allowed. Anything else that is writable is reported,
/// because it may be source code, which all instances share intentionally.
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
                    .OfType<string>().Where(s => InWorkspace(s) is not null || (scope.Spec.Stack.OwnsData && IsOutside(s))).Distinct().Order(StringComparer.Ordinal),
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

    /// <summary>The data that every instance would write, each with its service: "service db in /srv/db".</summary>
    public IReadOnlyList<string> Shared =>
    [
        .. from service in _scope.Model.Services
           where _scope.IsMoved
           from mount in service.Mounts
           where DataPlaces.IsData(service, mount) && PlaceOf(mount) is not null
           group PlaceOf(mount) by service.Name into places
           select $"service {places.Key} in {string.Join(" and ", places.Distinct())}",
    ];

    /// <summary>Whether an instance has a volume of its own instead of one that it would share with all others.</summary>
    public bool Replaces(ComposeVolume volume) =>
        _scope.IsMoved && _scope.Spec.Stack.OwnsData && (volume.IsExternal || IsRemote(volume))
        && _scope.Model.Services.Any(s => s.Mounts.Any(m => m.Type == "volume" && m.Source == volume.Key && DataPlaces.IsData(s, m)));

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

        foreach (var volume in _scope.Model.Volumes.Where(Replaces))
            _scope.Notes.Add($"The data in volume {volume.Name} belongs to instance 0; {_scope.Spec.Name} starts without data, in {_scope.Spec.Project}_{volume.Key}.");
        foreach (var volume in _scope.Model.Volumes.Where(v => !v.IsExternal && Device(v) is not null && DeviceOf(v) is null && !Replaces(v)))
            _scope.Notes.Add($"Volume {volume.Name} is stored in {Shown(Device(volume)!)}; all instances share its data.");
    }

    /// <summary>The directory of a mount's data, possibly of a volume; <see langword="null"/> if the engine stores it.</summary>
    private string? SourceOf(ComposeMount mount) => mount.Type == "volume"
        ? _scope.Model.Volumes.FirstOrDefault(v => v.Key == mount.Source && !v.IsExternal) is { } volume ? FolderOf(volume) : null
        : PathOf(mount);

    /// <summary>Where a mount stores data that all instances would share; <see langword="null"/> if each has its own.</summary>
    private string? PlaceOf(ComposeMount mount)
    {
        if (mount.Type == "volume" && _scope.Model.Volumes.FirstOrDefault(v => v.Key == mount.Source) is { } volume && (volume.IsExternal || IsRemote(volume)))
            return Replaces(volume) ? null : volume.IsExternal ? $"the external volume {volume.Name}" : Device(volume);
        return SourceOf(mount) is { } source && IsOutside(source) && !IsMoved(source) ? source : null;
    }

    /// <summary>Whether it is a volume at a device that is not a directory of this machine, such as NFS.</summary>
    private static bool IsRemote(ComposeVolume volume) => !volume.IsExternal && Device(volume) is not null && FolderOf(volume) is null;

    /// <summary>Whether it is a directory outside of the workspace, and does not contain the workspace or all of Docker's data.</summary>
    private bool IsOutside(string source) =>
        Path.IsPathRooted(source) && InWorkspace(source) is null && !DataPlaces.IsOfEngine(source)
        && !$"{_scope.Spec.Workspace}/".StartsWith(source.TrimEnd('/', '\\') + "/", StringComparison.Ordinal)
        && !source.StartsWith(Path.Combine(_scope.Spec.Workspace, Instances.InstancePaths.RootName), StringComparison.Ordinal);

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

    private string Own(string source) => Path.Combine(
        _scope.Spec.Paths.Data, InWorkspace(source) ?? (source.Length == 0 ? "" : Path.Combine("outside", source.TrimStart('/', '\\').Replace(':', '_'))));

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

    /// <summary>Whether it is the engine's own data, which tools that watch containers mount.</summary>
    public static bool IsOfEngine(string source) => OfSystem().IsMatch(source) || OfEngine().IsMatch(source);

    [GeneratedRegex("^/var/lib/(docker|containers)(/|$)")]
    private static partial Regex OfEngine();

    [GeneratedRegex(
        "^/(data|bitnami|var/(lib|opt|solr|jenkins_home)|consul/data|mnt/data|qdrant/storage|prometheus|loki|meili_data|etcd-data|nexus-data|chroma)(/|$)")]
    private static partial Regex Data();

    /// <summary>A directory of this name may contain anything unless the image is known to store data.</summary>
    [GeneratedRegex("/(data|db|storage|pgdata|oradata|datalog|[a-z]+[-_]data)/?$")]
    private static partial Regex EndsInData();

    [GeneratedRegex(
        "postgres|postgis|timescale|mysql|mariadb|percona|mongo|redis|valkey|keydb|dragonfly|elastic|opensearch|minio|clickhouse|"
        + "cassandra|scylla|neo4j|influx|rabbitmq|kafka|redpanda|etcd|consul|zookeeper|qdrant|weaviate|milvus|chroma|meilisearch|"
        + "typesense|cockroach|couch|surreal|nats|loki|prometheus|grafana|vault|temporal|solr|arango|questdb|rethink|"
        + "oracle|mssql|sqlserver|keycloak|registry|gitea|nexus|jenkins|localstack|dynamodb|yugabyte|dgraph|memgraph|raven|eventstore|pulsar|activemq|artemis")]
    private static partial Regex Keeper();

    /// <summary>A file, not a folder: it is configuration, a script, a socket.</summary>
    [GeneratedRegex(@"[^/]\.[A-Za-z]{1,10}$")]
    private static partial Regex HasExtension();

    [GeneratedRegex("^/etc(/|$)|initdb|entrypoint")]
    private static partial Regex OnlyRead();

    [GeneratedRegex(@"^/(dev|proc|sys|run|var/run|etc)(/|$)|\.sock$")]
    private static partial Regex OfSystem();
}
