using Cli.Manual;

namespace Cli.Hosting;

/// <summary>The manual as Markdown, in the order of a man page: the content of docs/cli.md.</summary>
internal sealed class ManualText(Handbook book, ParameterCatalog catalog)
{
    private const string Build = "./build.sh";

    /// <summary>Targets and options that the manual lacks, or describes although they do not exist; empty if it is complete.</summary>
    public IEnumerable<string> Gaps()
    {
        foreach (var target in catalog.Targets.Where(target => book.FindTarget(target) is null))
            yield return $"Target {target} has no page; add one in build/Cli/Manual.";
        foreach (var entry in catalog.Entries.Where(entry => entry.IsListed && book.FindOption(entry.Name) is null))
            yield return $"Parameter {entry.Name} has no page; add one in build/Cli/Manual/OptionPages.cs.";
        foreach (var entry in catalog.Entries.Where(entry =>
                     entry.IsListed && !entry.IsOfEngine && !book.Common.Contains(entry.Name) && !book.UsersOf(entry.Name).Any()))
            yield return $"Parameter {entry.Name} is on no target's page.";
        foreach (var page in book.Pages)
        {
            if (!catalog.HasTarget(page.Name))
                yield return $"Page {page.Name} describes no existing target.";
            if (page.Examples.Count == 0)
                yield return $"The page of {page.Name} has no example.";
            foreach (var name in page.Options.Where(name => book.FindOption(name) is null || catalog.Find(name) is null))
                yield return $"The page of {page.Name} names option {name}, which does not exist.";
        }

        foreach (var option in book.Options)
        {
            if (catalog.Find(option.Name) is not { } entry)
                yield return $"Page of option {option.Name} describes no existing option.";
            else if (entry.IsSwitch != option.IsSwitch)
                yield return $"The page of {entry.Option} is wrong about whether it takes a value.";
        }
    }

    /// <summary>The lines of the file.</summary>
    public IEnumerable<string> Lines() =>
    [
        "<!-- Generated from build/Cli/Manual; do not edit. To regenerate: UPDATE_SNAPSHOTS=1 dotnet test tests/Build.Tests --filter CliManual -->",
        "# build.sh(1)",
        "",
        "## Name",
        "",
        $"**build.sh**, **build.cmd**, **build.ps1**: {book.Purpose}",
        "",
        "## Synopsis",
        "",
        $"    {Build} [TARGET ...] [--OPTION VALUE ...]",
        $"    {Build} TARGET --help",
        "",
        "Targets come first, then options. A space separates an option from its value. Without a target, Status runs.",
        "",
        .. Paragraphs(book.Remarks),
        "## Targets",
        .. book.Groups.SelectMany(GroupOf),
        "",
        "## Options",
        "",
        "| Option | | Targets |",
        "|---|---|---|",
        .. book.Options.Select(option => $"| `{Label(option)}` | {Cell(About(option))} | {Users(option)} |"),
        "",
        "Short switches can be combined, and the last one can take a value: `Logs -fn 20`.",
        "",
        "## Exit codes",
        "",
        .. Table("Code", book.ExitCodes, note => note.Subject),
        "",
        "## Environment",
        "",
        .. Table("Variable", book.Variables, note => $"`{note.Subject}`"),
        "",
        "## Files",
        "",
        .. Table("File", book.Files, note => $"`{note.Subject}`"),
    ];

    private IEnumerable<string> GroupOf(TargetGroup group) => ["", $"### {group.Title}", .. group.Pages.SelectMany(PageOf)];

    private IEnumerable<string> PageOf(TargetPage page) =>
    [
        "",
        $"#### {page.Name}",
        "",
        $"{page.Summary}.",
        "",
        .. Paragraphs(page.Details),
        "| Option | |",
        "|---|---|",
        .. page.Options.Select(book.FindOption).OfType<OptionPage>().Select(option => $"| `{Label(option)}` | {Cell(About(option))} |"),
        "",
        "```bash",
        .. page.Examples.SelectMany(example => new[] { $"# {example.Effect}", example.For(Build) }),
        "```",
        "",
        $"Exit codes: {string.Join(", ", page.ExitCodes)}.",
    ];

    private static IEnumerable<string> Paragraphs(IReadOnlyList<string> texts) => texts.SelectMany(text => new[] { text, "" });

    private static IEnumerable<string> Table(string title, IReadOnlyList<Note> notes, Func<Note, string> subject) =>
        [$"| {title} | Meaning |", "|---|---|", .. notes.Select(note => $"| {subject(note)} | {Cell(note.Meaning)} |")];

    private string Users(OptionPage option) =>
        book.Common.Contains(option.Name) ? "all" : string.Join(", ", book.UsersOf(option.Name).Select(page => page.Name));

    private string About(OptionPage option) => option.Describe(catalog.DescriptionOf(option.Name));

    private static string Label(OptionPage option) => option.Spelling + option.Placeholder;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
