using System.ComponentModel;
using System.Reflection;
using Nuke.Common.Tooling;

namespace Hosting;

/// <summary>Says whether words can be read as the value of a parameter, so that no default ever stands in for them.</summary>
internal static class ParameterValue
{
    /// <summary>What is wrong with the word, completing "'word' …", or null when it can be read.</summary>
    public static string? Problem(ParameterEntry entry, string word)
    {
        var type = entry.Type.IsArray ? entry.Type.GetElementType()! : entry.Type;
        if (word.Trim().Length == 0)
            return "is empty; --help says what it takes";
        if (type == typeof(bool))
            return bool.TryParse(word, out _) ? null : "is neither true nor false";
        if (Choices(type) is { } names)
            return names.Contains(word, StringComparer.OrdinalIgnoreCase) ? null : $"is none of {string.Join(", ", names)}";
        return !type.IsValueType || TypeDescriptor.GetConverter(type).IsValid(word) ? null : Kind(type);
    }

    /// <summary>The names of a type with a closed set of values, or null for any other type.</summary>
    public static IReadOnlyList<string>? Choices(Type type) =>
        type.IsEnum ? Enum.GetNames(type)
        : type.IsSubclassOf(typeof(Enumeration)) ? [.. type.GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.Name)]
        : null;

    private static string Kind(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Int16 => "is not a whole number",
        TypeCode.Double or TypeCode.Decimal => "is not a number",
        _ => $"is not a {type.Name}",
    };
}
