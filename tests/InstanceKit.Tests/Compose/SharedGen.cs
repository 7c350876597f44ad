using CsCheck;
using InstanceKit.Instances;
using InstanceKit.Models;

namespace InstanceKit.Tests.Compose;

/// <summary>Generators of models whose services meet others: on networks, in folders, by the names of containers.</summary>
internal static class SharedGen
{
    private static readonly string[] Services = ["api", "db", "web"];

    private static readonly Gen<string> Name = Gen.OneOf<string>("api", "db", "studio-db", "studio-api", "a.example.com", "x", "x-1");

    private static readonly Gen<ComposeServiceNetwork> Place = Gen.Select(
        Gen.OneOf<string>("default", "shared", "wire"), Name.Array[0, 2], Gen.Bool,
        (network, aliases, isFixed) => new ComposeServiceNetwork(network, [.. aliases.Distinct()], isFixed ? "192.0.2.7" : null));

    private static readonly Gen<ComposeMount> Mount = Gen.Select(
        Gen.OneOf<string>("data", "data/sub", "pg", "src", "", "../elsewhere", "vol", "vol2"),
        Gen.OneOf<string>("/data", "/var/lib/postgresql/data", "/app", "/app/data", "/etc/x.conf"), Gen.Bool,
        (source, target, isReadOnly) => source.StartsWith("vol", StringComparison.Ordinal)
            ? new ComposeMount("volume", source, target, isReadOnly)
            : new ComposeMount("bind", Path.GetFullPath(Path.Combine(Studio.Workspace, source)), target, isReadOnly));

    private static readonly Gen<KeyValuePair<string, string>> Reference = Gen.Select(
        Gen.OneOf<string>("network_mode", "pid", "volumes_from", "external_links"), Gen.OneOf<string>("studio-api", "studio-db", "strange"),
        (key, name) => KeyValuePair.Create(key, name));

    private static readonly Gen<ComposeService> Service = Gen.Select(
        Place.Array[0, 3], Mount.Array[0, 3], Reference.Array[0, 2], Name, Gen.Int[0, 15],
        (places, mounts, references, hostname, flags) => new ComposeService
        {
            Name = "",
            Hostname = (flags & 1) == 0 ? hostname : null,
            Image = (flags & 2) == 0 ? "studio/web" : "postgres:16",
            IsBuilt = (flags & 4) == 0,
            BuildArguments = new Dictionary<string, string?> { ["URL"] = (flags & 8) == 0 ? "http://localhost:5433" : "none" },
            Networks = [.. places.DistinctBy(p => p.Network)],
            Mounts = [.. mounts.DistinctBy(m => m.Target)],
            ContainerReferences = references,
            NetworkMode = references.Where(r => r.Key == "network_mode").Select(r => $"container:{r.Value}").FirstOrDefault(),
            VolumesFrom = [.. references.Where(r => r.Key == "volumes_from").Select(r => $"container:{r.Value}:ro")],
            ExternalLinks = [.. references.Where(r => r.Key == "external_links").Select(r => $"{r.Value}:{r.Value}")],
        });

    /// <summary>Models of three services, two of which have fixed container names.</summary>
    public static readonly Gen<ComposeModel> Model = Gen.Select(Service.Array[3], Gen.Bool, (services, isLong) => new ComposeModel(
        "shipsec-dev-1",
        [.. services.Select((s, i) => s with { Name = Services[i], ContainerName = i < 2 ? $"studio-{Services[i]}" : null })],
        [
            new ComposeNetwork("default", "studio", false)
            {
                DriverOptions = new Dictionary<string, string> { [InstanceFootprint.BridgeName] = isLong ? "br-studio-shared" : "br0" },
            },
            new ComposeNetwork("shared", "shared", true),
            new ComposeNetwork("wire", "wire", false) { DriverOptions = new Dictionary<string, string> { ["parent"] = "eth0" } },
        ],
        [
            new ComposeVolume("vol", "vol", false)
            {
                DriverOptions = new Dictionary<string, string> { ["type"] = "none", ["o"] = "bind", ["device"] = $"{Studio.Workspace}/vol" },
            },
            new ComposeVolume("vol2", "vol2", false),
        ],
        ""));
}
