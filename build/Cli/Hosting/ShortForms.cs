using InstanceKit;
using Cli.Manual;

namespace Cli.Hosting;

/// <summary>
/// Short forms such as <c>-f</c> for <c>--follow</c>. The engine reads the command line itself and takes <c>-f</c> for
/// an unknown option of that name, so they are passed to it as variables.
/// </summary>
/// <param name="Words">The command line with long options instead of short ones.</param>
/// <param name="Given">The parameters given in short form, each with its values; the last one of a name counts.</param>
internal sealed record ShortForms(IReadOnlyList<string> Words, IReadOnlyList<(ParameterEntry Entry, IReadOnlyList<string> Values)> Given)
{
    /// <summary>Finds the short forms before "--", after which nothing is an option of the build.</summary>
    /// <exception cref="InstanceKitException">An option is given in both forms.</exception>
    public static ShortForms Expand(IReadOnlyList<string> words, ParameterCatalog catalog, Func<Handbook> handbook)
    {
        var end = EndOf(words);
        if (!words.Take(end).Any(word => IsCandidate(word, catalog)))
            return new ShortForms(words, []);

        var book = handbook();
        var expanded = new List<string>();
        var given = new List<(ParameterEntry, IReadOnlyList<string>)>();
        for (var i = 0; i < end; i++)
        {
            if (!IsCandidate(words[i], catalog) || Read(words[i], book) is not { } pages)
            {
                expanded.Add(words[i]);
                continue;
            }

            foreach (var page in pages)
            {
                var entry = catalog.Find(page.Name) ?? throw new InvalidOperationException($"There is no parameter {page.Name}.");
                RequireOneWay(entry, $"-{page.Short}", words.Take(end));
                var isLast = page == pages[^1];
                given.Add((entry, isLast ? [.. words.Take(end).Skip(i + 1).TakeWhile(word => !word.StartsWith('-'))] : []));
                expanded.Add(entry.Option);
            }
        }

        return new ShortForms([.. expanded, .. words.Skip(end)], given);
    }

    /// <summary>Passes the short forms to the engine; the values must have been checked.</summary>
    public void HandOver()
    {
        foreach (var (entry, values) in Given)
            AmbientVariables.Supply(entry.Name, values.Count == 0 ? "true" : string.Join(entry.Separator, values));
    }

    private static int EndOf(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "--")
                return i;
        }

        return words.Count;
    }

    // The engine treats one dash like two, so -follow is a long option.
    private static bool IsCandidate(string word, ParameterCatalog catalog) =>
        word.Length > 1 && word[0] == '-' && char.IsAsciiLetter(word[1]) && catalog.Find(word) is null;

    /// <summary>The options of a word such as -f or -fn, of which only the last one may take a value; else null.</summary>
    private static List<OptionPage>? Read(string word, Handbook book)
    {
        var pages = new List<OptionPage>();
        foreach (var letter in word.AsSpan(1))
        {
            if (book.FindShort(letter) is not { } page || pages is [.., { IsSwitch: false }])
                return null;
            pages.Add(page);
        }

        return pages;
    }

    private static void RequireOneWay(ParameterEntry entry, string shortForm, IEnumerable<string> words)
    {
        if (words.Any(word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals(entry.Name, StringComparison.OrdinalIgnoreCase)))
            throw InstanceKitException.Usage($"{shortForm} and {entry.Option} are the same option; use one of them.");
    }
}
