using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>Variables whose value is a bare port, such as <c>PORT</c>, <c>MINIO_PORT</c> and <c>PGPORT</c>.</summary>
internal static partial class PortKey
{
    private static readonly string[] HostKeys = ["HOST", "HOSTNAME", "HOST_NAME", "ENDPOINT", "ADDRESS", "ADDR", "SERVER"];

    /// <summary>The port of a client whose host a variable names while none names the port.</summary>
    private static readonly Dictionary<string, int> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PG"] = 5432, ["POSTGRES_"] = 5432, ["POSTGRESQL_"] = 5432, ["MYSQL_"] = 3306, ["MARIADB_"] = 3306, ["REDIS_"] = 6379,
        ["MONGO_"] = 27017, ["MONGODB_"] = 27017, ["RABBITMQ_"] = 5672, ["AMQP_"] = 5672, ["MINIO_"] = 9000, ["NATS_"] = 4222,
        ["MSSQL_"] = 1433, ["MEMCACHED_"] = 11211, ["ELASTICSEARCH_"] = 9200, ["OPENSEARCH_"] = 9200, ["MEILI_"] = 7700,
        ["KAFKA_"] = 9092, ["ETCD_"] = 2379,
    };

    /// <summary>
    /// The port that a variable names; null when it names none, the value is not exactly a number from 1 to 65535 (or
    /// such a default, <c>${PORT:-3000}</c>), or a sibling such as <c>MINIO_ENDPOINT</c> names another host.
    /// </summary>
    /// <param name="values">The expanded values of all variables, to find siblings.</param>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static HostAddress? Find(
        string key, string value, IReadOnlyDictionary<string, string> values, IReadOnlyList<string>? further = null)
    {
        if (StemOf(key) is not { } stem || Number().Match(value) is not { Success: true } match) return null;
        var digits = match.Groups["port"];
        if (!ushort.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var hosts = HostsOf(stem, values).ToList();
        if (hosts.Exists(h => IsRemote(h, further))) return null;
        return new HostAddress(0, hosts.Select(h => WithoutPort(Authority(h))).FirstOrDefault(h => h.Length > 0) ?? "", digits.Index, port)
        {
            Form = MentionForm.BarePort,
        };
    }

    /// <summary>The variables for ports that are missing beside a local host, with the ports that their clients assume.</summary>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static IEnumerable<KeyValuePair<string, int>> Missing(IReadOnlyDictionary<string, string> values, IReadOnlyList<string> further) =>
        from entry in Defaults
        from name in HostKeys
        let port = entry.Key + "PORT"
        where values.TryGetValue(entry.Key + name, out var host) && LocalHost.IsLocal(host.Trim(), further)
            && !values.Keys.Any(k => StemOf(k) is { } stem && StemsOf(stem).Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
        select KeyValuePair.Create(port, entry.Value);

    /// <summary>The local hosts without a port in a variable of a client that assumes one: <c>KAFKA_BROKERS=localhost</c>.</summary>
    /// <param name="further">Further names of the local host, in lower case.</param>
    public static IEnumerable<HostAddress> BareHosts(string key, string value, IReadOnlyList<string> further)
    {
        if (Servers().Match(key) is not { Success: true } match)
            yield break;
        var port = match.Groups["stem"] is { Success: true } stem ? Defaults[stem.Value] : Defaults["KAFKA_"];
        var at = 0;
        foreach (var part in value.Split(','))
        {
            var (start, host) = (at + part.Length - part.TrimStart().Length, part.Trim());
            at += part.Length + 1;
            if (LocalHost.IsLocal(host, further))
                yield return new HostAddress(start, host, start + host.Length, port) { Lead = ":", Form = MentionForm.SchemeDefault };
        }
    }

    /// <summary>What stands before the word for a port; null when there is none: <c>REPORT</c>.</summary>
    private static string? StemOf(string key) => Name().Match(key) is { Success: true } match ? match.Groups["stem"].Value : null;

    /// <summary>MYSQL_TCP_PORT stands beside MYSQL_HOST.</summary>
    private static string[] StemsOf(string stem) =>
        stem.EndsWith("TCP_", StringComparison.Ordinal) ? [stem, stem[..^"TCP_".Length]] : [stem];

    private static IEnumerable<string> HostsOf(string stem, IReadOnlyDictionary<string, string> values) =>
        [
            .. from each in StemsOf(stem)
               from name in HostKeys
               from key in new[] { each + name, each + name.ToLowerInvariant(), each + name[..1] + name[1..].ToLowerInvariant() }
               let host = values.GetValueOrDefault(key)
               where host is not null
               select host,
        ];

    /// <summary>Whether the value of a host key names hosts, and none of them is the local one.</summary>
    private static bool IsRemote(string value, IReadOnlyList<string>? further)
    {
        var host = Authority(value);
        return host.Length > 0 && !host.Split(',').Any(each => LocalHost.IsLocal(WithoutPort(each.Trim()), further));
    }

    private static string Authority(string value)
    {
        var host = value.Trim();
        var scheme = host.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0) host = host[(scheme + 3)..];
        var end = host.AsSpan().IndexOfAny("/?#");
        if (end >= 0) host = host[..end];
        return host[(host.LastIndexOf('@') + 1)..];
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var isBareIPv6 = !host.StartsWith('[') && host.IndexOf(':', StringComparison.Ordinal) != colon;
        return colon < 0 || isBareIPv6 || host.EndsWith(']') ? host : host[..colon];
    }

    /// <remarks>The words before a <c>PORT</c> without an underscore are those of known clients: no <c>REPORT</c>, no <c>EXPORT</c>.</remarks>
    [GeneratedRegex(
        @"^(?<stem>(?:.*[_.-])?)(?:PORT(?:_NUMBER)?|port)\z|^(?<stem>(?:.*_)?(?:PG|DB|SQL|MYSQL|REDIS|MONGO|MONGODB|RABBIT|RABBITMQ|AMQP|MQ|KAFKA|NATS|MINIO|HTTP|API|APP|WEB|SERVER|METRICS|GRPC))PORT\z|^(?<stem>.*[a-z0-9])Port\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"(?:^|_)(?:(?<stem>REDIS_|MONGO_|MONGODB_|NATS_|KAFKA_|MEMCACHED_|ETCD_|ELASTICSEARCH_|OPENSEARCH_)(?:\w+_)?(?:URL|URI|SERVERS?|HOSTS|NODES?|BROKERS?|ENDPOINTS)|(?:BOOTSTRAP_SERVERS?|BROKERS?(?:_LIST)?))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Servers();

    [GeneratedRegex(@"^(?:\$?\$\{\w+:?-(?<port>[1-9]\d{0,4})\}|(?<port>[1-9]\d{0,4}))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
