using System.Collections;
using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;

namespace Nuke.Common.Execution;

/// <summary>Where values come from: the command line, then the environment, then <c>.nuke/parameters.json</c>.</summary>
internal sealed class ParameterSource(IReadOnlyList<string> arguments)
{
    private readonly Lazy<JsonElement?> _file = new(ReadFile);
    private readonly Dictionary<string, (string Key, string Value)> _environment = ReadEnvironment();

    /// <summary>The targets in front of the first option, else those of <c>--target</c>; null when none is named.</summary>
    public IReadOnlyList<string>? Targets
    {
        get
        {
            var positional = arguments.TakeWhile(argument => !IsOption(argument)).ToList();
            return positional.Count > 0 ? Split(positional, '+') : List("Target");
        }
    }

    /// <summary>The targets to leave out; empty for all dependencies; null when <c>--skip</c> is not given.</summary>
    public IReadOnlyList<string>? Skipped => List("Skip");

    /// <summary>The root that the command line or the environment gives; parameters.json lies below it and has no say.</summary>
    public string? Root => FindWords("Root", withFile: false)?.Words is [var root] ? root : null;

    /// <summary>Whether the command line holds a switch that is no parameter of the build class.</summary>
    public bool HasSwitch(string name) => arguments.Any(argument => IsOption(argument) && Same(argument, name));

    /// <summary>The value of a parameter, or null when nobody gives one.</summary>
    /// <exception cref="UsageException">The value cannot be read as the parameter's type.</exception>
    public object? Find(Parameter parameter) =>
        FindWords(parameter.Name) is { } words ? Convert(parameter, words.Words, words.Source, words.IsSwitch) : null;

    private List<string>? List(string name) => FindWords(name) is { } found ? Split(found.Words, '+') : null;

    private (IReadOnlyList<string> Words, string Source, bool IsSwitch)? FindWords(string name, bool withFile = true)
    {
        var last = -1;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (IsOption(arguments[i]) && Same(arguments[i], name))
                last = i;
        }

        if (last >= 0)
            return ([.. arguments.Skip(last + 1).TakeWhile(argument => !IsOption(argument))], arguments[last], true);

        if (_environment.TryGetValue(name, out var variable) || _environment.TryGetValue("NUKE" + name, out variable))
            return ([variable.Value], variable.Key, false);

        if (!withFile || _file.Value is not { } file || !file.TryGetProperty(name, out var value))
            return null;
        var words = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Text) : [Text(value)];
        return ([.. words], NukeBuild.ParametersFile, false);
    }

    private static object Convert(Parameter parameter, IReadOnlyList<string> words, string source, bool isSwitch)
    {
        var separator = parameter.Attribute.Separator is [var single] ? single : (char?)null;
        var fromFile = source == NukeBuild.ParametersFile;
        try
        {
            return ValueConverter.Convert(
                separator is { } character && words.Count == 1 ? Split(words, character) : words,
                parameter.Type,
                basis: fromFile ? NukeBuild.RootDirectory.ToString() : Environment.CurrentDirectory,
                emptyMeansTrue: isSwitch);
        }
        catch (FormatException e)
        {
            throw new UsageException($"Parameter {parameter.Name}: '{string.Join(' ', words)}' (from {source}) {e.Message}.");
        }
    }

    private static bool IsOption(string argument) => argument.StartsWith('-');

    /// <summary>Names are compared without case and without anything that is neither a letter nor a digit.</summary>
    private static bool Same(string left, string right) => Plain(left).Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsLetterOrDigit(character))
                plain.Append(character);
        }

        return plain.ToString();
    }

    private static Dictionary<string, (string Key, string Value)> ReadEnvironment()
    {
        var variables = new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables.TryAdd(Plain((string)variable.Key), ((string)variable.Key, (string?)variable.Value ?? ""));
        return variables;
    }

    private static List<string> Split(IReadOnlyList<string> words, char separator) =>
        [.. words.SelectMany(word => word.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static JsonElement? ReadFile()
    {
        if (!File.Exists(NukeBuild.ParametersFile))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(NukeBuild.ParametersFile));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new UsageException($"{NukeBuild.ParametersFile} is not valid JSON: {e.Message}");
        }
    }
}

/// <summary>Words to values, strictly: what cannot be read is an error and never the default.</summary>
internal static class ValueConverter
{
    /// <param name="words">The words that were given.</param>
    /// <param name="type">The type of the parameter.</param>
    /// <param name="basis">The folder that relative paths start from.</param>
    /// <param name="emptyMeansTrue">Whether a switch without a value is true.</param>
    /// <exception cref="FormatException">The words do not make such a value; the message completes "… 'words' ".</exception>
    public static object Convert(IReadOnlyList<string> words, Type type, string basis, bool emptyMeansTrue)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            var items = Array.CreateInstance(type.GetElementType()!, words.Count);
            for (var i = 0; i < words.Count; i++)
                items.SetValue(Convert(words[i], type.GetElementType()!, basis), i);
            return items;
        }

        if (type == typeof(bool) && words.Count == 0 && emptyMeansTrue)
            return true;
        if (words.Count != 1)
            throw new FormatException(words.Count == 0 ? "has no value" : "has more than one value");
        return Convert(words[0], type, basis);
    }

    private static object Convert(string word, Type type, string basis)
    {
        if (type == typeof(string))
            return word;
        if (type == typeof(bool))
            return bool.TryParse(word, out var flag) ? flag : throw new FormatException("is not a Boolean");
        if (type == typeof(AbsolutePath))
            return (AbsolutePath)Path.GetFullPath(word, basis)!;
        if (type == typeof(Solution))
            return Solution.Read((AbsolutePath)Path.GetFullPath(word, basis)!);
        if (type.IsEnum)
            return Enum.TryParse(type, word, ignoreCase: true, out var value) && Enum.IsDefined(type, value)
                ? value
                : throw new FormatException($"is not one of {string.Join(", ", Enum.GetNames(type))}");
        return ConvertByComponentModel(word, type);
    }

    // Apart, because the library behind it is loaded only where it is called.
    private static object ConvertByComponentModel(string word, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(word)
                   ?? throw new FormatException($"is not a {type.Name}");
        }
        catch (Exception e) when (e is not FormatException)
        {
            throw new FormatException(e is NotSupportedException ? $"cannot become a {type.Name}" : $"is not a {type.Name}", e);
        }
    }
}
