using System.Text.Json;

namespace InstanceKit.Models;

/// <summary>Reads members of Compose's JSON, where anything may be missing or <c>null</c>.</summary>
internal static class ComposeJson
{
    /// <summary>The members of an object; none if it is not an object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>The items of a list; none if it is not a list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>The strings of a list; <see langword="null"/> if it is not a list.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray().Select(i => Scalar(i) ?? "")] : null;

    /// <summary>Texts by name; one without a value is <see langword="null"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Values(this JsonElement element, string name) =>
        element.Members(name).ToDictionary(v => v.Name, v => Scalar(v.Value));

    /// <summary>A text, number or truth value as text; <see langword="null"/> where there is none.</summary>
    public static string? Text(this JsonElement element, string name) => Find(element, name) is { } value ? Scalar(value) : null;

    /// <summary>Whether a member is there and true.</summary>
    public static bool IsTrue(this JsonElement element, string name) => Find(element, name) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Find(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
