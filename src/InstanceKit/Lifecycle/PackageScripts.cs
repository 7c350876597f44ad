using System.Text.Json;
using InstanceKit.Drivers;

namespace InstanceKit.Lifecycle;

/// <summary>The scripts of a package.json.</summary>
internal static class PackageScripts
{
    /// <summary>The scripts by name; none where the file is missing or is no package.json.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        if (InstanceDirectory.ReadText(Path.Combine(folder, "package.json")) is not { } text)
            return new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("scripts", out var scripts) && scripts.ValueKind == JsonValueKind.Object
                ? scripts.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.String)
                    .ToDictionary(s => s.Name, s => s.Value.GetString()!, StringComparer.Ordinal)
                : new Dictionary<string, string>();
        }
        catch (JsonException)
        {
            // Whoever runs the app will say what is wrong with it.
            return new Dictionary<string, string>();
        }
    }
}
