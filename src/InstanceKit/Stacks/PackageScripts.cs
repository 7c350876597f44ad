using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Stacks;

/// <summary>The scripts of a package.json.</summary>
internal static class PackageScripts
{
    /// <summary>The scripts by name; none if the file is missing or not a valid package.json.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        if (FileStore.ReadText(Path.Combine(folder, "package.json")) is not { } text)
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
            // The app's own start will report the error.
            return new Dictionary<string, string>();
        }
    }
}
