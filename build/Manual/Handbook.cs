namespace Manual;

/// <summary>
/// All that is to be said of a build's command line: help, shell completion, short forms and docs/cli.md are made from it.
/// </summary>
internal sealed record Handbook
{
    /// <summary>What the build is for, as one line.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The targets in their order.</summary>
    public IReadOnlyList<TargetGroup> Groups { get; init; } = [];

    /// <summary>The options, those of every target included.</summary>
    public IReadOnlyList<OptionPage> Options { get; init; } = [];

    /// <summary>The name of the target that runs where none is called; may be empty.</summary>
    public string DefaultTarget { get; init; } = "";

    /// <summary>The names of the options that every target takes.</summary>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>What exit codes mean; each subject is a number.</summary>
    public IReadOnlyList<Note> ExitCodes { get; init; } = [];

    /// <summary>The environment variables that count.</summary>
    public IReadOnlyList<Note> Variables { get; init; } = [];

    /// <summary>The files that are read or written.</summary>
    public IReadOnlyList<Note> Files { get; init; } = [];

    /// <summary>All targets.</summary>
    public IEnumerable<TargetPage> Pages => Groups.SelectMany(group => group.Pages);

    /// <summary>The page of a target, or <see langword="null"/>; dashes and case do not matter.</summary>
    public TargetPage? FindTarget(string word)
    {
        var name = word.Replace("-", "", StringComparison.Ordinal);
        return Pages.FirstOrDefault(page => page.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The page of an option by its parameter's name, or <see langword="null"/>; case does not matter.</summary>
    public OptionPage? FindOption(string name) =>
        Options.FirstOrDefault(page => page.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The page of the option with this short form, or <see langword="null"/>.</summary>
    public OptionPage? FindShort(char letter) => Options.FirstOrDefault(page => page.Short == letter);

    /// <summary>Whether a target uses an option.</summary>
    public bool Takes(TargetPage page, OptionPage option) =>
        page.Options.Contains(option.Name, StringComparer.Ordinal) || Common.Contains(option.Name, StringComparer.Ordinal);

    /// <summary>The targets that use a parameter.</summary>
    public IEnumerable<TargetPage> UsersOf(string option) => Pages.Where(page => page.Options.Contains(option, StringComparer.Ordinal));
}
