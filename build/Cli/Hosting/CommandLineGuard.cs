using System.ComponentModel;
using System.Reflection;
using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Models;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tooling;

namespace Cli.Hosting;

/// <summary>
/// Rejects a command line that the engine would run anyway: NUKE ignores unknown options, takes the
/// default for a value it cannot read, and lets an option swallow a target that follows it.
/// </summary>
internal sealed class CommandLineGuard(ParameterCatalog catalog)
{
    /// <summary>Checks the arguments of the program.</summary>
    /// <returns>The targets in call order; empty for the default one.</returns>
    /// <exception cref="InstanceKitException">A word cannot be understood; nothing may run.</exception>
    public IReadOnlyList<string> Check(IReadOnlyList<string> words)
    {
        var called = words.TakeWhile(word => !IsOption(word)).ToList();
        var targets = Targets(called, "");
        for (var i = called.Count; i < words.Count;)
        {
            var option = words[i++];
            var entry = Find(option);
            var values = words.Skip(i).TakeWhile(word => !IsOption(word)).ToList();
            i += values.Count;
            if (i < words.Count && IsNumber(words[i]))
                throw Usage($"'{words[i]}' can't be the value of {option}: a value does not start with '-'; see --help.");
            Check(entry, option, values);
            if (entry is not { IsOfEngine: true, Name: "Target" })
                continue;
            if (called.Count > 0)
                throw Usage($"{option} can't be combined with the target '{called[0]}'; name all targets first.");
            targets = Targets(values, option);
        }

        return targets;
    }

    private ParameterEntry Find(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && catalog.Find(option[..equals]) is { } named)
            throw Usage($"'{option}' is not valid; use a space: {named.Option} {Quoted(option[(equals + 1)..])}.");
        return catalog.Find(option) ?? throw Usage($"There is no option '{option}'; {Suggestion(option) ?? OptionList}.");
    }

    private void Check(ParameterEntry entry, string option, List<string> values)
    {
        if (entry.NamesTargets)
        {
            if (entry.Name == "Target" && values.Count == 0)
                throw Usage($"{option} needs the name of a target; {TargetList}.");
            Targets(values, option);
            return;
        }

        if (values.Count == 0 && !entry.IsSwitch)
            throw Usage($"{option} needs a value: {entry.Option} {(entry.IsList ? "VALUE ..." : "VALUE")}.");
        if (values.Skip(entry.IsSwitch ? 0 : 1).FirstOrDefault(catalog.HasTarget) is { } target)
            throw Usage($"'{target}' follows {option}, which would take it as a value; put targets first: {target} {option}{Space(values, target)}.");
        if (values.Count > 1 && !entry.IsList)
            throw Usage($"{option} takes one value, but got {values.Count}: {string.Join(' ', values.Select(Quoted))}; quote a value that contains spaces.");
        if (values.Count > 1 && entry.Separator.Length > 0 && values.Exists(value => value.Contains(entry.Separator, StringComparison.Ordinal)))
            throw Usage($"{option} has both spaces and '{entry.Separator}' between its values; use one of them.");
        foreach (var value in values)
            Check(entry, value, $"{option} {Quoted(value)}");
    }

    /// <summary>Checks one value, which may be several words joined by the parameter's separator.</summary>
    /// <param name="source">Its source, for the error.</param>
    /// <param name="basis">The folder that relative paths start from; by default the working directory.</param>
    /// <exception cref="InstanceKitException">It cannot be read as the parameter's type.</exception>
    public static void Check(ParameterEntry entry, string value, string source, string? basis = null)
    {
        var words = entry.IsList && entry.Separator.Length > 0 ? value.Split(entry.Separator) : [value];
        foreach (var word in words)
        {
            if (ParameterValue.Problem(entry, word, basis ?? Environment.CurrentDirectory) is { } problem)
                throw Usage($"{source}: '{word}' {problem}{(entry.IsSwitch ? $"; {entry.Option} alone means true" : "")}.");
        }
    }

    private List<string> Targets(List<string> words, string option)
    {
        var names = words.SelectMany(word => word.Split('+')).ToList();
        if (words.Count > 1 && names.Count != words.Count)
            throw Usage($"Separate targets with spaces or with '+', not both: {string.Join(' ', words)}.");
        if (names.Find(name => !catalog.HasTarget(name)) is { } unknown)
            throw Usage($"There is no target '{unknown}'{(option.Length > 0 ? $" for {option}" : "")}; {Suggestion(unknown) ?? TargetList}.");
        return names;
    }

    private string? Suggestion(string word)
    {
        var plain = AmbientVariables.Plain(word);
        var candidates = IsOption(word)
            ? catalog.Entries.Select(entry => (Text: entry.Option, entry.Name))
            : catalog.Targets.Select(target => (Text: target, Name: target));
        var near = candidates
            .Select(candidate => (candidate.Text, Distance: Spelling.Distance(plain, candidate.Name)))
            .Where(candidate => plain.Length > 0 && candidate.Distance <= Spelling.Limit(plain))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return near.Text is null ? null : $"did you mean {near.Text}";
    }

    private string TargetList => $"the targets are {string.Join(", ", catalog.Targets.Order(StringComparer.Ordinal))}";

    private static string OptionList => "--help lists the options";

    private static bool IsOption(string word) => word.StartsWith('-');

    private static bool IsNumber(string word) => word.Length > 1 && IsOption(word) && (char.IsDigit(word[1]) || word[1] == '.');

    private static string Space(List<string> values, string except) =>
        string.Concat(values.Where(value => value != except).Select(value => " " + Quoted(value)));

    private static string Quoted(string value) =>
        value.Length == 0 || value.Any(character => char.IsWhiteSpace(character) || character is '*' or '\'' or '"') ? $"'{value}'" : value;

    private static InstanceKitException Usage(string message) => InstanceKitException.Usage(message);
}

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
