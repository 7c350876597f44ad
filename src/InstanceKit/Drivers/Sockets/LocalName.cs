using System.Globalization;
using System.Net;

namespace InstanceKit.Drivers;

/// <summary>Reads a local socket name as lsof and netstat print it: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>*:80</c>.</summary>
internal static class LocalName
{
    /// <summary>Splits a name into address and port; false when it is no such name.</summary>
    public static bool TryParse(string name, out IPAddress address, out int port)
    {
        address = IPAddress.Any;
        port = 0;
        var colon = name.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, null, out port))
            return false;
        var host = name[..colon];
        return host == "*" || IPAddress.TryParse(host.Trim('[', ']'), out address!);
    }
}
