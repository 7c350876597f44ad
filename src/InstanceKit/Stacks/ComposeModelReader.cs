using System.Text.Json;

namespace InstanceKit.Stacks;

/// <summary>Reads the JSON of <c>docker compose config --format json</c>.</summary>
public static class ComposeModelReader
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="JsonException">The text is not what Compose prints: a defect here or there.</exception>
    public static ComposeModel Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ComposeModel(
            root.GetProperty("name").GetString()!,
            [.. root.Members("services").Select(ComposeServiceReader.Read).OrderBy(s => s.Name, StringComparer.Ordinal)],
            [.. root.Members("networks").Select(ReadNetwork)],
            [.. root.Members("volumes").Select(v => new ComposeVolume(v.Name, NameOf(v), v.Value.IsTrue("external")) { DriverOptions = OptionsOf(v) })],
            ContentHash.Of(json))
        {
            Files = ComposeFileReader.Read(root),
        };
    }

    private static ComposeNetwork ReadNetwork(JsonProperty network)
    {
        var management = network.Value.ValueKind == JsonValueKind.Object && network.Value.TryGetProperty("ipam", out var found) ? found : default;
        return new ComposeNetwork(network.Name, NameOf(network), network.Value.IsTrue("external"))
        {
            DriverOptions = OptionsOf(network),
            IsInternal = network.Value.IsTrue("internal"),
            AddressDriver = management.Text("driver"),
            Subnets =
            [
                .. management.Items("config").Where(c => c.Text("subnet") is not null).Select(c => new ComposeSubnet(
                    c.Text("subnet")!, c.Text("gateway"), c.Text("ip_range"), TextsOf(c.Values("aux_addresses")))),
            ],
        };
    }

    private static string NameOf(JsonProperty resource) => resource.Value.Text("name") ?? resource.Name;

    private static Dictionary<string, string> OptionsOf(JsonProperty resource) => TextsOf(resource.Value.Values("driver_opts"));

    private static Dictionary<string, string> TextsOf(IReadOnlyDictionary<string, string?> values) =>
        values.ToDictionary(v => v.Key, v => v.Value ?? "");
}
