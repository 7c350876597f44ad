using System.Text.Json;
using System.Text.Json.Serialization;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Instances;

/// <summary>What was generated for an instance, stored next to the files as <c>instance.json</c>.</summary>
internal sealed record InstanceRecord
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

    /// <summary>The services that it shares with other instances; <see langword="null"/> where all are its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Shared { get; init; }

    /// <summary>The services that run as processes, and the skipped ones; <see langword="null"/> where Compose runs them.</summary>
    public IReadOnlyList<RecordedService>? Embedded { get; init; }

    /// <summary>What the last <c>Up</c> expects of the containers; <see langword="null"/> before.</summary>
    public IReadOnlyList<ExpectedContainer>? Containers { get; init; }

    /// <summary>How many places address the stack although no rule covers them: what the proof leaves open.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Untranslated { get; init; }

    /// <summary>How many more do so in what the PM2 config runs, which only <c>Up</c> evaluates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UntranslatedInApps { get; init; }

    /// <summary>How many places the proof leaves open in all.</summary>
    [JsonIgnore]
    public int Open => Untranslated + UntranslatedInApps;

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
internal sealed record KeptFile(IReadOnlyDictionary<string, string> MadeFrom, string Shown);

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
internal sealed record ExpectedContainer(string Service)
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

/// <summary>The tenants of an instance with their passwords, in a file that only its owner may read.</summary>
internal static class TenantStore
{
    /// <summary>The tenants in a file; none if it is missing or damaged.</summary>
    public static IReadOnlyList<Tenant> Read(string path)
    {
        try
        {
            return FileStore.ReadText(path) is { } text ? JsonSerializer.Deserialize(text, RecordJson.Default.IReadOnlyListTenant) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The text of the file.</summary>
    public static string Write(IReadOnlyList<Tenant> tenants) => JsonSerializer.Serialize(tenants, RecordJson.Default.IReadOnlyListTenant) + "\n";
}

/// <summary>Reads the output of <see cref="InstanceRecord.ToJson"/>.</summary>
/// <remarks>
/// By hand, because every command starts with it: at process start, the serializer took 45 ms for the sample's
/// record, and this takes 4, on two cores.
/// </remarks>
internal static class RecordReader
{
    private const int HighestPort = 65535;

    /// <summary>The record; <see langword="null"/> when it is of another version.</summary>
    /// <exception cref="JsonException">It is not valid JSON.</exception>
    /// <exception cref="InvalidOperationException">A value is of another kind than it should be.</exception>
    /// <exception cref="KeyNotFoundException">Something that every record has is missing.</exception>
    /// <exception cref="FormatException">A number or a word is none.</exception>
    public static InstanceRecord? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.GetProperty("version").GetInt32() != InstanceRecord.CurrentVersion ? null : new InstanceRecord
        {
            Project = Text(root, "project"),
            Ports = Ports(root.GetProperty("ports")),
            Subnets = Find(root, "subnets") is { } subnets ? Subnets(subnets) : null,
            Footprint = Find(root, "footprint") is { } footprint ? Footprint(footprint) : null,
            Services = Texts(root, "services"),
            Files = Map(root.GetProperty("files"), TextOf),
            MadeFrom = Find(root, "madeFrom") is { } sources ? Map(sources, TextOf) : new Dictionary<string, string>(),
            Kept = Find(root, "kept") is { } kept ? Map(kept, Kept) : new Dictionary<string, KeptFile>(),
            AppliedModel = OptionalText(root, "appliedModel"),
            Pm2Home = OptionalText(root, "pm2Home"),
            Infra = Find(root, "infra") is { } infra ? Word<InfraMode>(infra) : null,
            LackedDocker = Find(root, "lackedDocker")?.GetBoolean() ?? false,
            ShownNotes = OptionalText(root, "shownNotes"),
            Untranslated = Find(root, "untranslated")?.GetInt32() ?? 0,
            Shared = Find(root, "shared") is { } shared ? List(shared, TextOf) : null,
            UntranslatedInApps = Find(root, "untranslatedInApps")?.GetInt32() ?? 0,
            Embedded = Find(root, "embedded") is { } embedded ? List(embedded, Service) : null,
            Containers = Find(root, "containers") is { } containers ? List(containers, Container) : null,
        };
    }

    private static PortPlan Ports(JsonElement plan) =>
        new(Number(plan.GetProperty("instance"), 0, int.MaxValue), List(plan.GetProperty("assignments"), Assignment));

    private static PortAssignment Assignment(JsonElement port) =>
        ReadAssignment(port) is var read && read.Port + read.Count - 1 <= HighestPort ? read : throw new FormatException("A range of ports ends too high.");

    private static PortAssignment ReadAssignment(JsonElement port) => new(
        Text(port, "name"), Text(port, "label"), Number(port.GetProperty("basePort"), 1, HighestPort), Number(port.GetProperty("port"), 1, HighestPort),
        Owner(port.GetProperty("owner")), OptionalText(port, "scheme"))
    {
        Protocol = OptionalText(port, "protocol") ?? "tcp",
        Count = OptionalNumber(port, "count", HighestPort) ?? 1,
        Reason = OptionalText(port, "reason") ?? "",
        IsShared = Find(port, "isShared")?.GetBoolean() ?? false,
    };

    private static PortOwner Owner(JsonElement owner) => new(Word<OwnerKind>(owner.GetProperty("kind")), Text(owner, "name"));

    private static SubnetPlan Subnets(JsonElement plan) => new(
        Number(plan.GetProperty("instance"), 0, int.MaxValue),
        List(plan.GetProperty("assignments"), s => new SubnetAssignment(
            Text(s, "network"), Text(s, "baseRange"), Text(s, "range"), OptionalText(s, "reason") ?? "")));

    private static InstanceFootprint Footprint(JsonElement footprint) => new()
    {
        Ports = Texts(footprint, "ports"), Names = Texts(footprint, "names"), Subnets = Texts(footprint, "subnets"),
    };

    private static KeptFile Kept(JsonElement file) => new(Map(file.GetProperty("madeFrom"), TextOf), Text(file, "shown"));

    private static RecordedService Service(JsonElement service) => new(
        Text(service, "service"), OptionalText(service, "processName"), OptionalNumber(service, "port", HighestPort), OptionalText(service, "skipped"))
    {
        ServedBy = OptionalText(service, "servedBy"),
        Serves = Find(service, "serves") is { } serves ? List(serves, p => Number(p, 1, HighestPort)) : null,
    };

    private static ExpectedContainer Container(JsonElement container) => new(Text(container, "service"))
    {
        Label = OptionalText(container, "label"),
        Networks = Texts(container, "networks"),
        Ports = Texts(container, "ports"),
        MustRun = OptionalText(container, "mustRun"),
        IsOneShot = container.GetProperty("isOneShot").GetBoolean(),
    };

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static string TextOf(JsonElement element) => element.GetString() ?? throw new FormatException("A text is missing.");

    private static string Text(JsonElement parent, string name) => TextOf(parent.GetProperty(name));

    private static string? OptionalText(JsonElement parent, string name) => Find(parent, name)?.GetString();

    private static int? OptionalNumber(JsonElement parent, string name, int highest) =>
        Find(parent, name) is { } number ? Number(number, 1, highest) : null;

    private static int Number(JsonElement number, int lowest, int highest) =>
        number.GetInt32() is var value && value >= lowest && value <= highest
            ? value
            : throw new FormatException($"{value} is not between {lowest} and {highest}.");

    private static List<string> Texts(JsonElement parent, string name) => List(parent.GetProperty(name), TextOf);

    private static List<T> List<T>(JsonElement array, Func<JsonElement, T> read)
    {
        var items = new List<T>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
            items.Add(read(item));
        return items;
    }

    private static Dictionary<string, T> Map<T>(JsonElement map, Func<JsonElement, T> read)
    {
        var items = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var member in map.EnumerateObject())
            items[member.Name] = read(member.Value);
        return items;
    }

    private static T Word<T>(JsonElement word)
        where T : struct, Enum =>
        Enum.TryParse<T>(word.GetString(), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{word}' is no {typeof(T).Name}.");
}

/// <summary>How records are serialized; generated at compile time, because reflection would slow down every start.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCase<OwnerKind>), typeof(CamelCase<InfraMode>), typeof(CamelCase<TenantKind>)])]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(LeaseFile))]
[JsonSerializable(typeof(IReadOnlyList<Tenant>))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>The words of an enumeration as JSON has them.</summary>
    private sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;
}

/// <summary>The registry's file.</summary>
/// <param name="Version">The version of its format.</param>
/// <param name="Leases">What it holds.</param>
internal sealed record LeaseFile(int Version, IReadOnlyList<Lease> Leases);
