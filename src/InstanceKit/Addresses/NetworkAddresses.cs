using System.Text.RegularExpressions;
using InstanceKit.Ports;

namespace InstanceKit.Addresses;

/// <summary>Finds addresses and ranges of an instance's networks inside any text.</summary>
/// <remarks>
/// Only whole ones: <c>172.28.0.5</c> alone, in a list, a URL, before a port or a prefix length, but no part of a name
/// (<c>172.28.0.5.nip.io</c>) or of a longer number.
/// </remarks>
internal static partial class NetworkAddresses
{
    /// <summary>The addresses and ranges that move, each with the instance's.</summary>
    public static IEnumerable<(int Position, string Old, string New)> Find(string text, SubnetPlan subnets) => subnets.MovesAny
        ? Dots().Matches(text).Concat(Colons().Matches(text)).Select(m => (m.Index, m.Value, New: Moved(m, subnets))).Where(m => m.Value != m.New)
        : [];

    private static string Moved(Match match, SubnetPlan subnets)
    {
        var (address, prefix) = (match.Groups["address"].Value, match.Groups["prefix"].Value);
        return prefix.Length > 0 ? subnets.TranslateRange(address + prefix) : subnets.Translate(address);
    }

    // What follows the host of a URL is its path, not a prefix length.
    [GeneratedRegex(
        @"(?<![\w.])(?<![A-Za-z]-)(?<url>(?<=//))?(?<address>\d{1,3}(?:\.\d{1,3}){3})(?!\w|\.\w|-[A-Za-z])(?<prefix>(?(url)(?!)|/\d{1,2}(?![\w.])))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Dots();

    [GeneratedRegex(
        @"(?<![\w:.])(?<address>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8})(?![\w:]|\.\w)(?<prefix>/\d{1,3}(?![\w.]))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Colons();
}
