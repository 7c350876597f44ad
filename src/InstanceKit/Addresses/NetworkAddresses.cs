using System.Text.RegularExpressions;
using InstanceKit.Ports;

namespace InstanceKit.Addresses;

/// <summary>Moves addresses and ranges of an instance's networks inside any text.</summary>
/// <remarks>
/// Only whole ones: <c>172.28.0.5</c> alone, in a list, a URL, before a port or a prefix length, but no part of a name
/// (<c>172.28.0.5.nip.io</c>) or of a longer number.
/// </remarks>
internal static partial class NetworkAddresses
{
    /// <summary>The text with every such address moved; the same text when there is none.</summary>
    public static string Move(string text, SubnetPlan subnets) => subnets.MovesAny
        ? Colons().Replace(Dots().Replace(text, m => Moved(m, subnets)), m => Moved(m, subnets))
        : text;

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
