using System.Globalization;
using InstanceKit.Platform;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Stacks;

/// <summary>A mapping of a YAML file whose keys are known; everything that is wrong in it is collected, nothing is thrown.</summary>
internal sealed class YamlSection
{
    private const int Typo = 2;
    private const int LongestShown = 80;

    private readonly Dictionary<string, (YamlScalarNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly YamlErrors _errors;
    private readonly string _name;

    private YamlSection(string name, Mark mark, YamlErrors errors) => (_name, Mark, _errors) = (name, mark, errors);

    /// <summary>The start of the section.</summary>
    public Mark Mark { get; }

    /// <summary>Every key of the section, for sections whose keys are names.</summary>
    public IEnumerable<(string Key, Mark Mark, YamlNode Value)> Entries =>
        _entries.Select(e => (e.Key, e.Value.Key.Start, e.Value.Value));

    /// <summary>Reads a node as a section; returns an empty one for a node that is not a mapping.</summary>
    /// <param name="node">The node; <see langword="null"/> for a key that is missing.</param>
    /// <param name="name">What the section is called in errors: "ports.named".</param>
    /// <param name="known">The keys it may have; <see langword="null"/> where they are names.</param>
    /// <param name="errors">Collects errors.</param>
    public static YamlSection Of(YamlNode? node, string name, IReadOnlyList<string>? known, YamlErrors errors)
    {
        var section = new YamlSection(name, node?.Start ?? new Mark(0, 1, 1), errors);
        if (node is null or YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain })
            return section;
        if (node is not YamlMappingNode mapping)
        {
            errors.Add(node.Start, $"{name} must be a mapping, not {Describe(node)}");
            return section;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } text } scalar)
                errors.Add(key.Start, $"a key of {name} must be a string");
            else if (known?.Contains(text) == false)
                errors.Add(key.Start, $"unknown key '{Short(text)}'{(name.Length > 0 && name != StackFile.FileName ? $" in {name}" : "")}{Suggest(text, known)}");
            else
                section._entries[text] = (scalar, value);
        }

        return section;
    }

    /// <summary>The node of a key, or <see langword="null"/>.</summary>
    public YamlNode? Node(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>The section of a key; an empty one when it is missing.</summary>
    public YamlSection Section(string key, IReadOnlyList<string>? known) => Of(Node(key), Path(key), known, _errors);

    /// <summary>The text of a key that passes a check, or <see langword="null"/>.</summary>
    /// <param name="find">Why a text is refused, or <see langword="null"/>.</param>
    public string? Text(string key, Func<string, string?>? find = null) =>
        Node(key) is { } node ? Text(node, Path(key), find) : null;

    /// <summary>The whole number of a key, or <see langword="null"/>.</summary>
    public int? Number(string key, int lowest, int highest) =>
        Node(key) is { } node ? Number(node, Path(key), lowest, highest) : null;

    /// <summary>The truth value of a key, or <see langword="null"/>.</summary>
    public bool? Flag(string key)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } scalar)
            return scalar.Value == "true";
        _errors.Add(node.Start, $"{Path(key)} must be true or false, not {Describe(node)}");
        return null;
    }

    /// <summary>The strings of a list; a single string is a list of one. <see langword="null"/> when missing.</summary>
    public IReadOnlyList<string>? Texts(string key, Func<string, string?>? find = null) => Node(key) switch
    {
        null => null,
        YamlSequenceNode list => [.. list.Select((n, i) => Text(n, $"{Path(key)}[{i}]", find)).OfType<string>()],
        var node => Text(node, Path(key), find) is { } one ? [one] : [],
    };

    /// <summary>The whole numbers of a list or a single value; <see langword="null"/> when missing.</summary>
    public IReadOnlyList<int>? Numbers(string key, int lowest, int highest) => Node(key) switch
    {
        null => null,
        YamlSequenceNode list => [.. list.Select((n, i) => Number(n, $"{Path(key)}[{i}]", lowest, highest)).OfType<int>()],
        var node => Number(node, Path(key), lowest, highest) is { } one ? [one] : [],
    };

    /// <summary>The name of a key in errors.</summary>
    public string Path(string key) => _name.Length == 0 || _name == StackFile.FileName ? key : $"{_name}.{key}";

    /// <summary>Reports something about a key, or about the whole section when the key is missing.</summary>
    public void Refuse(string key, string message) => _errors.Add(Node(key)?.Start ?? Mark, message);

    private string? Text(YamlNode node, string name, Func<string, string?>? find)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text })
            _errors.Add(node.Start, $"{name} must be a string, not {Describe(node)}");
        else if (find?.Invoke(text) is { } reason)
            _errors.Add(node.Start, $"{name} '{Short(text)}' {reason}");
        else
            return text;
        return null;
    }

    private int? Number(YamlNode node, string name, int lowest, int highest)
    {
        if (node is YamlScalarNode { Value: { } text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= lowest && number <= highest)
        {
            return number;
        }

        _errors.Add(node.Start, $"{name} must be a number from {lowest} to {highest}, not {Describe(node)}");
        return null;
    }

    private static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { Length: > 0 } text } => $"'{Short(text)}'",
        YamlScalarNode => "nothing",
        YamlSequenceNode => "a list",
        _ => "a mapping",
    };

    /// <summary>A text as it is shown in an error: its beginning.</summary>
    private static string Short(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";

    private static string Suggest(string key, IReadOnlyList<string> known)
    {
        if (key.Length > LongestShown)
            return $"; valid keys are {string.Join(", ", known)}";
        var nearest = known.Select(k => (Key: k, Distance: Distance(key, k))).MinBy(k => k.Distance);
        return nearest.Distance <= Typo ? $"; did you mean '{nearest.Key}'?" : $"; valid keys are {string.Join(", ", known)}";
    }

    /// <summary>The edit distance between two words (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[^1];
    }
}

/// <summary>Collects all errors of a YAML file, each with its line and column, so that all of them can be fixed at once.</summary>
internal sealed class YamlErrors(string file)
{
    private const int Most = 50;

    private readonly List<(Mark Mark, string Message)> _errors = [];

    /// <summary>Adds an error at a place of the file.</summary>
    public void Add(Mark mark, string message) => _errors.Add((mark, message));

    /// <summary>Ends with all errors in the order of the file, if there is one.</summary>
    /// <exception cref="InstanceKitException">There is at least one.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0)
            return;
        var lines = _errors.OrderBy(e => e.Mark.Line).ThenBy(e => e.Mark.Column).Take(Most)
            .Select(e => $"{file}({e.Mark.Line},{e.Mark.Column}): {e.Message}");
        if (_errors.Count > Most)
            lines = lines.Append($"{file}: and {_errors.Count - Most} more errors");
        throw InstanceKitException.Usage(
            string.Join('\n', lines), "docs/stack-file.md describes every key.");
    }
}
