using System.Reflection;
using Cli.Manual;

namespace Cli.Hosting;

/// <summary>The answer to <c>--help</c>: the overview, or the pages of the targets that were called.</summary>
internal sealed class HelpText(Handbook book, ParameterCatalog catalog, string launcher)
{
    private const int Width = 100;

    // A longer list would not be helpful.
    private const int Many = 6;

    /// <summary>Whether a checked command line asks for help.</summary>
    public static bool IsRequested(IReadOnlyList<string> words)
    {
        var last = words.TakeWhile(word => word != "--").ToList().FindLastIndex(word =>
            word.StartsWith('-') && AmbientVariables.Plain(word).Equals("Help", StringComparison.OrdinalIgnoreCase));
        return last >= 0 && !(last + 1 < words.Count && words[last + 1].Equals("false", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Writes the help for the targets that were called.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Handbook book, ParameterCatalog catalog)
    {
        var help = new HelpText(book, catalog, Launcher.Name);
        var pages = BuildProgram.CalledTargets.Select(book.FindTarget).OfType<TargetPage>().ToList();
        foreach (var line in pages.Count == 0 ? help.Overview() : pages.SelectMany((page, i) => help.PageOf(page, isFirst: i == 0)))
            BuildStreams.Data.WriteLine(line);
        return 0;
    }

    /// <summary>All targets and all options.</summary>
    public IEnumerable<string> Overview()
    {
        var own = book.Options.Where(option => !book.Common.Contains(option.Name)).ToList();
        var column = Math.Max(
            book.Pages.Select(page => page.Name.Length).DefaultIfEmpty().Max(),
            book.Options.Select(option => Label(option).Length).DefaultIfEmpty().Max()) + 4;
        yield return $"Usage: {launcher} [TARGET ...] [--OPTION VALUE ...]";
        yield return $"       {launcher} TARGET --help    the target's options, with examples";
        foreach (var group in book.Groups)
        {
            yield return "";
            yield return $"{group.Title}:";
            foreach (var line in group.Pages.SelectMany(page => Entry(page.Name, page.Summary, column)))
                yield return line;
        }

        yield return "";
        yield return "Options, and the targets that take them:";
        foreach (var line in own.SelectMany(option => Entry(Label(option), $"{About(option)} {Users(option)}", column)))
            yield return line;
        yield return "";
        yield return "Options of every target:";
        foreach (var line in Options(book.Common, column))
            yield return line;
        yield return "";
        yield return "Exit codes:";
        foreach (var line in ExitCodes(null))
            yield return line;
        yield return "";
        foreach (var line in Wrap($"An option can also be set as a variable, NUKE_ before its name, or in .nuke/parameters.json. Engine: {Engine}.", 0))
            yield return line;
    }

    private IEnumerable<string> PageOf(TargetPage page, bool isFirst)
    {
        var column = page.Options.Select(book.FindOption).OfType<OptionPage>().Select(option => Label(option).Length).DefaultIfEmpty().Max() + 4;
        if (!isFirst)
            yield return "";
        foreach (var line in Wrap($"{page.Name}: {page.Summary}.", 0))
            yield return line;
        yield return "";
        yield return $"Usage: {launcher} {page.Name} [--OPTION VALUE ...] {page.Rest}".TrimEnd();
        yield return "";
        foreach (var line in page.Details.SelectMany(text => Wrap(text.Replace("`", "", StringComparison.Ordinal), 0).Append("")))
            yield return line;
        yield return "Options:";
        foreach (var line in Options(page.Options, column))
            yield return line;
        var common = string.Join(", ", book.Common.Select(book.FindOption).OfType<OptionPage>().Select(option => option.Spelling));
        foreach (var line in Wrap($"Options of every target: {common}.", 2))
            yield return line;
        yield return "";
        yield return "Examples:";
        foreach (var example in page.Examples)
        {
            yield return $"  {example.For(launcher)}";
            foreach (var line in Wrap(example.Effect, 6))
                yield return line;
        }

        yield return "";
        yield return "Exit codes:";
        foreach (var line in ExitCodes(page))
            yield return line;
    }

    private IEnumerable<string> ExitCodes(TargetPage? page) => book.ExitCodes
        .Where(note => page is null || page.ExitCodes.Any(code => $"{code}" == note.Subject))
        .SelectMany(note => Entry(note.Subject, note.Meaning, 7));

    private IEnumerable<string> Options(IEnumerable<string> names, int column) =>
        names.Select(book.FindOption).OfType<OptionPage>().SelectMany(option => Entry(Label(option), About(option), column));

    private string Users(OptionPage option)
    {
        var users = book.UsersOf(option.Name).Select(page => page.Name).ToList();
        return users.Count switch { 0 => "", > Many => "(most)", _ => $"({string.Join(", ", users)})" };
    }

    private string About(OptionPage option) => option.Describe(catalog.DescriptionOf(option.Name));

    private static string Label(OptionPage option) => option.Spelling + option.Placeholder;

    private static string Engine =>
        Assembly.GetEntryAssembly()!.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "BuildEngine")?.Value ?? "unknown";

    private static IEnumerable<string> Entry(string label, string text, int column) => Wrap(text, column, $"  {label}");

    private static IEnumerable<string> Wrap(string text, int column, string label = "")
    {
        var line = label.PadRight(column);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > column && line.Length + word.Length >= Width)
            {
                yield return line.TrimEnd();
                line = new string(' ', column);
            }

            line += word + " ";
        }

        yield return line.TrimEnd();
    }
}
