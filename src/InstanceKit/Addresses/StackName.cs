using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>A name that the compose files fix, and the instance's name in its place.</summary>
/// <param name="Kind">What has the name.</param>
/// <param name="Old">The fixed name.</param>
/// <param name="New">The instance's name.</param>
internal sealed record StackName(StackNameKind Kind, string Old, string New);

/// <summary>What has a name in the engine.</summary>
internal enum StackNameKind
{
    /// <summary>A container.</summary>
    Container,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A volume.</summary>
    Volume,
}

/// <summary>Finds fixed names of containers, networks and volumes as words of a text.</summary>
/// <remarks>
/// A name alone may be anything: a database, a user. So it counts where the variable, label or option is about such a
/// thing (<c>LAMBDA_DOCKER_NETWORK</c>), or the word before it is (<c>network: shop_edge</c>, <c>--network shop_edge</c>), and
/// container names also in every text of a service that asks the engine; both if they are no plain word. A name that is used
/// as a host stays: the container keeps it as an alias.
/// </remarks>
internal static partial class NameScanner
{
    private const int LongestList = 200;
    private const int MostItems = 50;

    /// <summary>The names in a text, in its order.</summary>
    /// <param name="name">The variable, label or option.</param>
    /// <param name="asksEngine">Whether the reader asks the engine for containers.</param>
    public static IEnumerable<(int Position, StackName Name)> Find(
        string text, string name, IReadOnlyList<StackName> names, bool asksEngine) =>
        from each in names
        let isPlain = !each.Old.AsSpan().ContainsAny("-_.")
        let isWanted = IsAbout(name, each.Kind) || (asksEngine && each.Kind == StackNameKind.Container && !isPlain)
        from at in Positions(text, each.Old)
        where isWanted || (!isPlain && IsAbout(KeyOf(text, at), each.Kind))
        orderby at
        select (at, each);

    /// <summary>The key or option before a position, or that of the list in which it is an item; empty if there is none.</summary>
    private static string KeyOf(string text, int at)
    {
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var line = text[Math.Max(start, at - LongestList)..at];
        if (KeyBefore().Match(line) is { Success: true } key)
            return key.Value;
        if (Item().Match(line) is not { Success: true } item)
            return "";
        // YAML: the nearest line above that is no item of the same list.
        for (var lines = 0; start > 0 && lines < MostItems; lines++)
        {
            var end = start - 1;
            start = end == 0 ? 0 : text.LastIndexOf('\n', end - 1) + 1;
            var above = text[start..end];
            if (above.Length > 0 && !(Item().Match(above) is { Success: true } other && other.Groups["indent"].Length == item.Groups["indent"].Length))
                return above;
        }

        return "";
    }

    private static IEnumerable<int> Positions(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            if (IsWord(text, at, at + name.Length))
                yield return at;
        }
    }

    /// <summary>Whether the characters around a name end it, and do not make it a host or a part of a path.</summary>
    private static bool IsWord(string text, int start, int end)
    {
        var before = start == 0 ? ' ' : text[start - 1];
        var after = end == text.Length ? ' ' : text[end];
        var isHost = before is '@' or '/' || (after == ':' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]));
        return !isHost && !EscapedText.IsNameChar(before) && after != '/'
            && (!EscapedText.IsNameChar(after) || (after == '.' && (end + 1 == text.Length || !EscapedText.IsNameChar(text[end + 1]))));
    }

    private static bool IsAbout(string name, StackNameKind kind) => kind switch
    {
        StackNameKind.Container => AboutContainers().IsMatch(name),
        StackNameKind.Network => AboutNetworks().IsMatch(name),
        _ => AboutVolumes().IsMatch(name),
    };

    /// <remarks>The separator is a colon or equals sign, or the space after an option; a list in brackets may have begun.</remarks>
    [GeneratedRegex("""(?:[\w.-]+["']?[ \t]*[:=]|--[\w-]+)[ \t]*(?:\[[^\[\]{}]*)?["']?\z""")]
    private static partial Regex KeyBefore();

    [GeneratedRegex("""^(?<indent>[ \t]*)-[ \t]+["']?""")]
    private static partial Regex Item();

    [GeneratedRegex("container|depends[_-]on", RegexOptions.IgnoreCase)]
    private static partial Regex AboutContainers();

    [GeneratedRegex("network", RegexOptions.IgnoreCase)]
    private static partial Regex AboutNetworks();

    [GeneratedRegex("volume", RegexOptions.IgnoreCase)]
    private static partial Regex AboutVolumes();
}
