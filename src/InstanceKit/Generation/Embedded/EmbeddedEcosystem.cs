using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InstanceKit.Generation;

/// <summary>The PM2 ecosystem of the services that run as processes.</summary>
/// <param name="Json">The file's whole text; it holds passwords.</param>
/// <param name="Fingerprints">The fingerprint of each service's entry, by its PM2 name.</param>
public sealed record EmbeddedEcosystem(string Json, IReadOnlyDictionary<string, string> Fingerprints)
{
    /// <summary>A fingerprint of the whole.</summary>
    public string Fingerprint => ContentHash.Of(Json);

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the ecosystem; skipped services are not in it.</summary>
    public static EmbeddedEcosystem Create(IReadOnlyList<EmbeddedChoice> choices)
    {
        var entries = new JsonArray();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var choice in choices.Where(c => c.Process is not null))
        {
            var (entry, fingerprint) = EmbeddedEntry.Of(choice.Service, choice.Process!);
            entries.Add((JsonNode)entry);
            fingerprints[choice.Service.ProcessName] = fingerprint;
        }

        return new EmbeddedEcosystem(new JsonObject { ["apps"] = entries }.ToJsonString(Options) + "\n", fingerprints);
    }
}
