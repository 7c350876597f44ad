using System.Text.Json;

namespace InstanceKit.Models;

/// <summary>Reads the JSON of <c>docker compose config --format json</c>.</summary>
public static class ComposeModelReader
{
    private const int LongestShown = 300;
    private const int DeepestJson = 1000; // extensions (x-) may contain anything

    /// <summary>Reads a model.</summary>
    /// <exception cref="InstanceKitException">The text is not valid output of Compose, or a number in it is out of range.</exception>
    public static ComposeModel Read(string json)
    {
        try
        {
            return ReadModel(json);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException
            or KeyNotFoundException or ArgumentException)
        {
            throw new InstanceKitException(
                ExitCode.Usage, $"The model of the compose files contains an invalid value: {e.Message[..Math.Min(e.Message.Length, LongestShown)].TrimEnd('.')}.",
                "Compare the ports, health checks and networks of the compose files with the output of 'docker compose config'.", e);
        }
    }

    private static ComposeModel ReadModel(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestJson });
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

/// <summary>Reads the <c>configs</c> and <c>secrets</c> of Compose's JSON, as far as they are texts at hand.</summary>
internal static class ComposeFileReader
{
    private static readonly string[] Sections = ["configs", "secrets"];

    /// <summary>All entries that are a file or a text in the compose files.</summary>
    public static IReadOnlyList<ComposeFile> Read(JsonElement root) =>
    [
        .. from section in Sections
           from entry in root.Members(section)
           let file = new ComposeFile(
               section, entry.Name, entry.Value.Text("file"), entry.Value.Text("content"),
               [.. root.Members("services").Where(s => s.Value.Items(section).Any(i => i.Text("source") == entry.Name)).Select(s => s.Name)])
           where file.Path is not null || file.Content is not null
           select file,
    ];
}
