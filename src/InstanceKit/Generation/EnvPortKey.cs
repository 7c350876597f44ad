using System.Globalization;

namespace InstanceKit.Generation;

/// <summary>Keys whose value is a bare port, such as <c>PORT</c> and <c>MINIO_PORT</c>.</summary>
internal static class EnvPortKey
{
    private static readonly string[] HostKeys = ["HOST", "HOSTNAME", "ENDPOINT", "ADDRESS", "SERVER"];

    /// <summary>
    /// The port that a port key names on the local host; null when the key is none, the value is not exactly a number
    /// from 1 to 65535, or a sibling such as <c>MINIO_ENDPOINT</c> names another host.
    /// </summary>
    /// <param name="values">The expanded values of all keys, to find siblings.</param>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static int? LocalPort(
        string key, string value, IReadOnlyDictionary<string, string> values, IReadOnlyList<string>? further = null)
    {
        if (key != "PORT" && !key.EndsWith("_PORT", StringComparison.Ordinal)) return null;
        if (value.Length is 0 or > 5 || value[0] == '0') return null;
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var stem = key[..^"PORT".Length];
        return HostKeys.Any(name => values.TryGetValue(stem + name, out var host) && IsRemote(host, further)) ? null : port;
    }

    /// <summary>Whether the value of a host key names hosts, and none of them is the local one.</summary>
    private static bool IsRemote(string value, IReadOnlyList<string>? further)
    {
        var host = value.Trim();
        if (host.Length == 0) return false;
        var scheme = host.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0) host = host[(scheme + 3)..];
        var end = host.AsSpan().IndexOfAny("/?#");
        if (end >= 0) host = host[..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        return !host.Split(',').Any(each => HostAddressHost.IsLocal(WithoutPort(each.Trim()), further));
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var isBareIPv6 = !host.StartsWith('[') && host.IndexOf(':', StringComparison.Ordinal) != colon;
        return colon < 0 || isBareIPv6 || host.EndsWith(']') ? host : host[..colon];
    }
}
