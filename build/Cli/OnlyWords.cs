using Cli.Hosting;
using InstanceKit;

namespace Cli;

/// <summary>The words after <c>--only</c>: names of services and apps.</summary>
internal static class OnlyWords
{
    /// <summary>The names, distinct, in the order given.</summary>
    /// <exception cref="InstanceKitException">The option has no name.</exception>
    public static IReadOnlyList<string> Split(IReadOnlyList<string> words)
    {
        var names = words
            .SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Count > 0 || words.Count == 0
            ? names
            : throw InstanceKitException.Usage(
                $"--only '{string.Join(' ', words)}' is empty.", "Name services or apps: --only backend,postgres.");
    }

    /// <summary>Rejects unknown names.</summary>
    /// <param name="names">The names asked for.</param>
    /// <param name="known">The services and apps that there are.</param>
    /// <exception cref="InstanceKitException">A name is unknown; the known ones are listed.</exception>
    public static void Require(IReadOnlyList<string> names, IEnumerable<string> known)
    {
        var all = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var unknown = names.Where(n => !all.Contains(n, StringComparer.Ordinal)).ToList();
        if (unknown.Count > 0)
        {
            throw InstanceKitException.Usage(
                $"--only names {string.Join(", ", unknown.Select(n => $"'{n}'"))}, which is not a service or app of this stack.",
                $"{Suggest(unknown, all)}Valid names are {string.Join(", ", all)}.");
        }
    }

    private static string Suggest(List<string> unknown, List<string> known)
    {
        var near = unknown.Select(u => known.Where(k => Spelling.Distance(u, k) <= Spelling.Limit(u)).MinBy(k => Spelling.Distance(u, k)))
            .OfType<string>().Distinct().ToList();
        return near.Count == 0 ? "" : $"Did you mean {string.Join(", ", near)}? ";
    }
}
