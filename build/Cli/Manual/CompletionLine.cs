namespace Cli.Manual;

/// <summary>A partially typed command line, parsed as the build would parse it.</summary>
internal sealed class CompletionLine
{
    private readonly Handbook _book;
    private readonly List<(OptionPage? Option, List<string> Values)> _options = [];

    /// <summary>Parses the words between the program's name and the cursor.</summary>
    /// <param name="book">The manual, which defines the options.</param>
    /// <param name="words">The complete words before the one at the cursor.</param>
    /// <param name="current">The typed part of the word at the cursor; may be empty.</param>
    public CompletionLine(Handbook book, IReadOnlyList<string> words, string current)
    {
        _book = book;
        Current = current;
        var called = words.TakeWhile(word => !IsOption(word)).ToList();
        Targets = [.. called.SelectMany(word => word.Split('+')).Select(book.FindTarget).OfType<TargetPage>()];
        IsBehindAll = words.Contains("--");
        foreach (var word in words.Skip(called.Count))
        {
            if (IsOption(word))
                _options.Add((Find(word), []));
            else
                _options[^1].Values.Add(word);
        }
    }

    /// <summary>The typed part of the word at the cursor.</summary>
    public string Current { get; }

    /// <summary>The targets on the command line.</summary>
    public IReadOnlyList<TargetPage> Targets { get; }

    /// <summary>Whether the cursor is after "--", where words belong to another command.</summary>
    public bool IsBehindAll { get; }

    /// <summary>Whether the cursor is after an option.</summary>
    public bool IsBehindOption => _options.Count > 0;

    /// <summary>The option whose value is at the cursor, or <see langword="null"/>.</summary>
    public OptionPage? Awaited => _options is [.., { Option: { IsSwitch: false } option, Values: var values }] && (values.Count == 0 || option.Separator != null)
        ? option
        : null;

    /// <summary>Whether the option precedes the cursor.</summary>
    public bool Has(string name) => _options.Exists(given => given.Option?.Name == name);

    /// <summary>The last value of an option before the cursor, or <see langword="null"/>.</summary>
    public string? ValueOf(string name) => _options.FindLast(given => given.Option?.Name == name && given.Values.Count > 0).Values?[^1];

    private static bool IsOption(string word) => word.StartsWith('-') && word.Length > 1;

    private OptionPage? Find(string word)
    {
        var name = string.Concat(word.Where(char.IsLetterOrDigit));
        return _book.FindOption(name) ?? (word.StartsWith("--", StringComparison.Ordinal) ? null : _book.FindShort(word[^1]));
    }
}
