using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Compose;

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
