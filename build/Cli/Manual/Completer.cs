namespace Cli.Manual;

/// <summary>Completes a command line at the cursor.</summary>
/// <param name="book">The manual.</param>
/// <param name="describe">Returns the description of a parameter by name.</param>
/// <param name="find">Finds values of an option in the workspace.</param>
internal sealed class Completer(
    Handbook book, Func<string, string> describe, Func<OptionPage, CompletionLine, IEnumerable<Candidate>> find)
{
    /// <summary>Whether to complete folders, which the shell does better.</summary>
    public static bool WantsFolders(CompletionLine line) => !IsOption(line) && line.Awaited is { Kind: ValueKind.Folder };

    /// <summary>The words that start with the current text, most useful first.</summary>
    public IReadOnlyList<Candidate> Complete(CompletionLine line) =>
        [.. All(line).Where(candidate => candidate.Value.StartsWith(line.Current, StringComparison.OrdinalIgnoreCase))];

    private IEnumerable<Candidate> All(CompletionLine line) =>
        line.IsBehindAll ? []
        : IsOption(line) ? Options(line)
        : line.Awaited is { } option ? Values(option, line)
        : line.IsBehindOption || (line.Targets.Count > 0 && line.Current.Length == 0) ? Options(line)
        : Targets(line);

    private static bool IsOption(CompletionLine line) => line.Current.StartsWith('-');

    private IEnumerable<Candidate> Targets(CompletionLine line) =>
        book.Pages.Except(line.Targets).Select(page => new Candidate(page.Name, page.Summary));

    private IEnumerable<Candidate> Options(CompletionLine line)
    {
        var own = line.Targets.Count == 0 ? book.Options.Select(option => option.Name) : line.Targets.SelectMany(page => page.Options);
        var pages = own.Concat(book.Common).Distinct().Where(name => !line.Has(name)).Select(book.FindOption).OfType<OptionPage>().ToList();
        foreach (var page in pages)
            yield return new Candidate(page.Option, page.Describe(describe(page.Name)));
        foreach (var page in pages.Where(page => page.Short is not null && line.Current == "-"))
            yield return new Candidate($"-{page.Short}", page.Option);
    }

    /// <summary>The values of an option; for a list, the next item.</summary>
    private IEnumerable<Candidate> Values(OptionPage option, CompletionLine line)
    {
        var end = option.Separator is { } separator ? line.Current.LastIndexOf(separator) + 1 : 0;
        var before = line.Current[..end];
        var given = before.Length == 0 ? [] : before.Split(option.Separator!.Value);
        return option.Choices.Select(choice => new Candidate(choice))
            .Concat(option.Kind == ValueKind.Targets ? Targets(line) : find(option, line))
            .Where(candidate => !given.Contains(candidate.Value) && (before.Length == 0 || candidate.IsItem))
            .Select(candidate => candidate with { Value = before + candidate.Value });
    }
}

/// <summary>A possible word at the cursor.</summary>
/// <param name="Value">The word.</param>
/// <param name="About">Its description; may be empty.</param>
internal sealed record Candidate(string Value, string About = "")
{
    /// <summary>Whether it can be an item of a list.</summary>
    public bool IsItem { get; init; } = true;
}

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
