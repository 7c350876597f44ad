using InstanceKit;
using Manual;

namespace Hosting;

/// <summary>
/// Refuses an option on the command line that no called target uses: the engine would bind it, and nobody would ask for
/// it. What variables and parameters.json say is for all targets, and never refused.
/// </summary>
internal static class OptionUse
{
    /// <summary>Checks the options of a call whose words are understood.</summary>
    /// <param name="words">The command line, with long options.</param>
    /// <param name="called">The called targets; empty for the default one.</param>
    /// <param name="catalog">The parameters that there are.</param>
    /// <param name="handbook">Opens the manual, which says what each target uses; a target without a page may use everything.</param>
    /// <exception cref="InstanceKitException">An option would say nothing.</exception>
    public static void Require(
        IReadOnlyList<string> words, IReadOnlyList<string> called, ParameterCatalog catalog, Func<Handbook> handbook)
    {
        var given = words.Where(word => word.StartsWith('-')).Select(catalog.Find).OfType<ParameterEntry>().Where(entry => !entry.IsOfEngine).ToList();
        if (given.Count == 0)
            return;
        var book = handbook();
        var pages = (called.Count > 0 ? called : [book.DefaultTarget]).Select(book.FindTarget).ToList();
        if (pages.Contains(null))
            return;
        var useless = given.Find(entry => book.FindOption(entry.Name) is { } option && !pages.Exists(page => book.Takes(page!, option)));
        if (useless is not null)
            throw Refusal(useless, called.Count > 0, [.. pages.OfType<TargetPage>()], book);
    }

    private static InstanceKitException Refusal(ParameterEntry entry, bool isCalled, IReadOnlyList<TargetPage> pages, Handbook book)
    {
        var names = string.Join(", ", pages.Select(page => page.Name));
        var users = string.Join(", ", book.UsersOf(entry.Name).Select(page => page.Name));
        return InstanceKitException.Usage(
            $"{entry.Option} is no option of {(isCalled ? "" : "the default target ")}{names}; it is one of {users}.",
            $"Leave it out; {pages[0].Name} --help lists what there is.");
    }
}
