using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InstanceKit.Models;

/// <summary>Brings the published ports of a service into the long form.</summary>
internal static partial class PortShape
{
    private const int HighestPort = 65535;
    private static readonly string[] Protocols = ["tcp", "udp", "sctp"];

    /// <summary>The entries of one: a range of target ports is one entry for each.</summary>
    public static IEnumerable<JsonObject> Of(JsonNode? item, ComposePlace place)
    {
        if (item is JsonObject entry)
            return [Long(entry, place)];
        var text = ComposeScalar.Text(item, place) ?? "";
        if (Short().Match(text) is not { Success: true } match || !IsPort(match, "target") || !IsPort(match, "published"))
            throw place.Wrong($"has '{text}', which is not a valid port");
        var protocol = match.Groups["protocol"].Success ? match.Groups["protocol"].Value.ToLowerInvariant() : "tcp";
        if (!Protocols.Contains(protocol))
            throw place.Wrong($"has '{text}' with the unknown protocol '{protocol}'");
        return Expand(text, match, place).Select(p => Entry(match.Groups["address"].Value.Trim('[', ']'), p.Target, p.Published, protocol));
    }

    private static IEnumerable<(int Target, string? Published)> Expand(string text, Match match, ComposePlace place)
    {
        var (first, last) = Range(match, "target");
        if (!match.Groups["published"].Success)
            return Enumerable.Range(first, last - first + 1).Select(t => (t, (string?)null));
        var (from, to) = Range(match, "published");
        if (first == last)
            return [(first, from == to ? $"{from}" : $"{from}-{to}")];
        return to - from == last - first
            ? Enumerable.Range(0, last - first + 1).Select(i => (first + i, (string?)$"{from + i}"))
            : throw place.Wrong($"has '{text}', whose two ranges differ in length");
    }

    private static JsonObject Long(JsonObject entry, ComposePlace place)
    {
        var result = new JsonObject();
        foreach (var (key, value) in entry)
        {
            result[key] = key switch
            {
                "target" => ComposeScalar.Number(value, place.At(key)),
                "published" or "host_ip" or "protocol" or "mode" or "name" or "app_protocol" => ComposeScalar.Text(value, place.At(key)),
                _ when key.StartsWith("x-", StringComparison.Ordinal) => value?.DeepClone(),
                _ => throw place.Unknown($"has the unknown key {key}"),
            };
        }

        if (result["target"] is null)
            throw place.Wrong("has a port without a target");
        if (result["published"] is { } published && !Published().IsMatch($"{published}"))
            throw place.Wrong($"publishes '{published}', which is not a valid port");
        result["mode"] ??= "ingress";
        result["protocol"] ??= "tcp";
        return result;
    }

    private static JsonObject Entry(string address, int target, string? published, string protocol)
    {
        var result = new JsonObject { ["mode"] = "ingress", ["target"] = target, ["protocol"] = protocol };
        if (address.Length > 0)
            result["host_ip"] = address;
        if (published is not null)
            result["published"] = published;
        return result;
    }

    private static bool IsPort(Match match, string name) =>
        !match.Groups[name].Success || Range(match, name) is var (first, last) && first <= last && last <= HighestPort;

    private static (int First, int Last) Range(Match match, string name)
    {
        var ends = match.Groups[name].Value.Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?:(?:(?<address>\[[0-9a-fA-F:.%]+\]|[0-9.]+|[A-Za-z][A-Za-z0-9.-]*|):)?(?<published>[0-9]{1,5}(?:-[0-9]{1,5})?)?:)?(?<target>[0-9]{1,5}(?:-[0-9]{1,5})?)(?:/(?<protocol>[A-Za-z]+))?\z")]
    private static partial Regex Short();

    [GeneratedRegex(@"^(?:[0-9]{1,5}(?:-[0-9]{1,5})?)?\z")]
    private static partial Regex Published();
}
