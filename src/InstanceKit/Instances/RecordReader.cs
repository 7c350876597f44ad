using System.Text.Json;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

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
