using System.ComponentModel;
using System.Reflection;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tooling;

namespace Cli.Hosting;

/// <summary>Checks whether words are valid as the value of a parameter, so that no default ever replaces them.</summary>
internal static class ParameterValue
{
    /// <summary>What is wrong with the word, completing "'word' …", or null when it can be read.</summary>
    /// <param name="basis">The folder that relative paths start from.</param>
    public static string? Problem(ParameterEntry entry, string word, string basis)
    {
        var type = entry.Type.IsArray ? entry.Type.GetElementType()! : entry.Type;
        if (word.Trim().Length == 0)
            return "is empty; see --help";
        if (type == typeof(bool))
            return bool.TryParse(word, out _) ? null : "is not true or false";
        if (Choices(type) is { } names)
            return names.Contains(word, StringComparer.OrdinalIgnoreCase) ? null : $"is not one of {string.Join(", ", names)}";
        if (type == typeof(Solution))
            return ProblemOfSolution(word, basis);
        return !type.IsValueType || TypeDescriptor.GetConverter(type).IsValid(word) ? null : Kind(type);
    }

    /// <summary>Reads the first lines only: the engine reads the projects when a target needs them.</summary>
    private static string? ProblemOfSolution(string word, string basis)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
            return "is not a valid path";
        var path = Path.GetFullPath(word, basis);
        if (!File.Exists(path))
            return $"is not an existing solution file (looked for {path})";
        try
        {
            var mark = path.EndsWith(".slnx", StringComparison.OrdinalIgnoreCase) ? "<Solution" : "Microsoft Visual Studio Solution File";
            return File.ReadLines(path).Take(5).Any(line => line.Contains(mark, StringComparison.Ordinal)) ? null : "is not a solution file";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"can't be read: {e.Message.TrimEnd('.')}";
        }
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
