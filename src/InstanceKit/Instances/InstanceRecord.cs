using System.Text.Json;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>What was generated for an instance, kept beside the files as <c>instance.json</c>.</summary>
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
    /// What the instance takes of the machine, proved to be nobody else's; <see langword="null"/> before that proof.
    /// </summary>
    public InstanceFootprint? Footprint { get; init; }

    /// <summary>The services of the compose files, so that a status needs no Compose.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>SHA-256 of each generated file as it was written, by its name in the instance's folder.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>SHA-256 of each source that the files were generated from, by its name: <c>backend/.env</c>.</summary>
    public IReadOnlyDictionary<string, string> MadeFrom { get; init; } = new Dictionary<string, string>();

    /// <summary>What is remembered of files that a person edited, by their names in the instance's folder.</summary>
    public IReadOnlyDictionary<string, KeptFile> Kept { get; init; } = new Dictionary<string, KeptFile>();

    /// <summary>SHA-256 of the merged compose model that <c>up</c> last carried out; <see langword="null"/> before.</summary>
    public string? AppliedModel { get; init; }

    /// <summary>The PM2_HOME whose daemon runs the apps; <see langword="null"/> before the first <c>Up</c>.</summary>
    public string? Pm2Home { get; init; }

    /// <summary>What runs the services, since something was started for the first time; <see langword="null"/> before.</summary>
    public InfraMode? Infra { get; init; }

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
