using System.Text.Json;
using System.Text.Json.Serialization;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>What was generated for an instance, stored next to the files as <c>instance.json</c>.</summary>
public sealed record InstanceRecord
{
    /// <summary>The version of this format that is written and understood.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The format's version.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The instance's ports.</summary>
    public required PortPlan Ports { get; init; }

    /// <summary>The instance's fixed address ranges; <see langword="null"/> where the compose files fix none.</summary>
    public SubnetPlan? Subnets { get; init; }

    /// <summary>
    /// The instance's resources on the machine, proved to be unused by others; <see langword="null"/> before that proof.
    /// </summary>
    public InstanceFootprint? Footprint { get; init; }

    /// <summary>The services of the compose files, so that a status needs no Compose.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>SHA-256 of each generated file as it was written, by its name in the instance's folder.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>SHA-256 of each source that the files were generated from, by its name: <c>backend/.env</c>.</summary>
    public IReadOnlyDictionary<string, string> MadeFrom { get; init; } = new Dictionary<string, string>();

    /// <summary>The records of edited files, by their names in the instance's directory.</summary>
    public IReadOnlyDictionary<string, KeptFile> Kept { get; init; } = new Dictionary<string, KeptFile>();

    /// <summary>SHA-256 of the merged compose model that <c>up</c> last carried out; <see langword="null"/> before.</summary>
    public string? AppliedModel { get; init; }

    /// <summary>The PM2_HOME whose daemon runs the apps; <see langword="null"/> before the first <c>Up</c>.</summary>
    public string? Pm2Home { get; init; }

    /// <summary>What runs the services, set by the first start; <see langword="null"/> before.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>What runs an instance; <see cref="InfraMode.Auto"/> for one that was never brought up.</summary>
    public static InfraMode InfraOf(InstanceRecord? record) =>
        record?.Infra ?? (record?.AppliedModel is not null ? InfraMode.Compose : InfraMode.Auto);

    /// <summary>Whether the services are processes only because Docker was missing when the instance was first brought up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LackedDocker { get; init; }

    /// <summary>SHA-256 of the notes on the workspace's PM2 config that were last shown; <see langword="null"/> without notes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShownNotes { get; init; }

    /// <summary>The services that run as processes, and the skipped ones; <see langword="null"/> where Compose runs them.</summary>
    public IReadOnlyList<RecordedService>? Embedded { get; init; }

    /// <summary>What the last <c>Up</c> expects of the containers; <see langword="null"/> before.</summary>
    public IReadOnlyList<ExpectedContainer>? Containers { get; init; }

    /// <summary>Writes the record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RecordJson.Default.InstanceRecord) + "\n";

    /// <summary>Reads a record; <see langword="null"/> when it is damaged or of another version.</summary>
    public static InstanceRecord? TryParse(string json)
    {
        try
        {
            return RecordReader.Read(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>The record of an edited file.</summary>
/// <param name="MadeFrom">The hash of each source, when the file was last written by the program.</param>
/// <param name="Shown">The hash of the difference that was last shown in full; empty before.</param>
public sealed record KeptFile(IReadOnlyDictionary<string, string> MadeFrom, string Shown);

/// <summary>What was decided for a service that runs as a process, or that is skipped.</summary>
/// <param name="Service">The service.</param>
/// <param name="ProcessName">Its PM2 name; <see langword="null"/> when it has no process.</param>
/// <param name="Port">The port that must answer; <see langword="null"/> when it has no process.</param>
/// <param name="Skipped">Why it is skipped; <see langword="null"/> when it runs.</param>
public sealed record RecordedService(string Service, string? ProcessName, int? Port, string? Skipped)
{
    /// <summary>The service whose process does the work of this one; <see langword="null"/> for none.</summary>
    public string? ServedBy { get; init; }

    /// <summary>The published ports that are served; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Serves { get; init; }
}

/// <summary>What the compose files require of a service's container; recorded so that <c>Status</c> needs no Compose.</summary>
/// <param name="Service">The service.</param>
public sealed record ExpectedContainer(string Service)
{
    /// <summary>The number in the label of its instance; <see langword="null"/> where the compose files don't set that label.</summary>
    public string? Label { get; init; }

    /// <summary>The engine's names of its networks. On each the container must be reachable by the service's name.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>The host ports that it publishes, as <c>25432/tcp</c>, or <c>27000-27009/udp</c> where any port of a range will do.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Why exit code 0 does not mean that it is done: "it publishes port 25432"; <see langword="null"/> if it does.</summary>
    public string? MustRun { get; init; }

    /// <summary>Whether other services wait for its completion (<c>service_completed_successfully</c>).</summary>
    public bool IsOneShot { get; init; }
}
