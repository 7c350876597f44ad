using System.Globalization;
using System.Text.RegularExpressions;
using InstanceKit.Tenants;

namespace InstanceKit.Addresses;

/// <summary>Gives an instance's texts its tenants of shared servers: the database, user and password beside an address.</summary>
/// <remarks>
/// The port decides which server a text means; names of variables only say what of it they hold. What names another database than
/// the server's initial one stays and is reported: it would be common to all instances.
/// </remarks>
internal sealed partial class TenantText
{
    private const int LongestAuthority = 300;

    private readonly IReadOnlyDictionary<int, Tenant> _tenants;

    /// <summary>Prepares for the tenants of one instance.</summary>
    /// <param name="tenants">By the port at which the instance reaches the shared server.</param>
    public TenantText(IReadOnlyDictionary<int, Tenant> tenants) => _tenants = tenants;

    /// <summary>The tenant of the server at one of the instance's ports.</summary>
    public Tenant? At(int? port) => port is { } known ? _tenants.GetValueOrDefault(known) : null;

    /// <summary>What has to change around an address.</summary>
    /// <param name="name">The variable that holds the text; empty for none.</param>
    /// <param name="values">As in <see cref="Translator.Translate"/>.</param>
    public static IEnumerable<Edit> Around(
        string text, HostAddress address, Tenant tenant, string name, IReadOnlyDictionary<string, string>? values, string where)
    {
        if (tenant.Kind is TenantKind.Temporal or TenantKind.Kafka or TenantKind.Loki or TenantKind.S3)
            return [];
        var end = address.End < text.Length && text[address.End] == '}' ? address.End + 1 : address.End;
        if (IsUrl(text, address) is { } before)
            return OfUrl(text, address, before, end, tenant, values, where);
        if (GoAddress().Match(text, Math.Max(0, address.Position - LongestAuthority), Math.Min(address.Position, LongestAuthority)) is { Success: true } go)
            return OfUrl(text, address, go, text.IndexOf(')', end) is >= 0 and var close ? close + 1 : end, tenant, values, where);
        if (address.Form == MentionForm.ConnectionString)
            return OfPairs(text, address, end, tenant, where);
        if (tenant.Kind == TenantKind.Redis && RedisOptions().IsMatch(text, end))
            return OfRedisOptions(text, address, end, tenant, where);
        return StemOf(name) is { } stem && values is not null && DatabaseOf(stem, tenant, values) is not null
            ? []
            : [Unknown(text, address.Position, tenant, where, $"it names no {WordOf(tenant)} of {tenant.Service}, which all instances share")];
    }

    /// <summary>What has to change of a variable beside one that addresses a server: <c>DB_NAME</c> beside <c>DB_PORT</c>.</summary>
    /// <param name="addressed">The tenants whose servers a variable addresses.</param>
    public static IEnumerable<Edit> OfVariable(
        string name, string text, IReadOnlyDictionary<string, string> values, Func<string, IEnumerable<Tenant>> addressed, string where)
    {
        if (text.Length == 0)
            return [];
        Tenant? Used(TenantKind kind) => values.Keys.SelectMany(addressed).FirstOrDefault(t => t.Kind == kind);
        if (KafkaName().IsMatch(name))
            return Used(TenantKind.Kafka) is { } kafka ? [Suffixed(kafka)] : [];
        if (Bucket().IsMatch(name))
            return Used(TenantKind.S3) is { } buckets ? [Suffixed(buckets)] : [];
        if (S3Key().Match(name) is { Success: true } key)
        {
            return Used(TenantKind.S3) is { User: not null } keys && values.Keys.Any(k => Bucket().IsMatch(k))
                ? [Whole(keys, key.Groups["secret"].Success ? "secret" : "access key", key.Groups["secret"].Success ? keys.Password! : keys.User)]
                : [];
        }

        foreach (var (pattern, kind) in new[] { (TemporalNamespace(), TenantKind.Temporal), (LokiTenant(), TenantKind.Loki) })
        {
            if (!pattern.IsMatch(name))
                continue;
            return Used(kind) is not { } used ? []
                : values.Where(v => pattern.IsMatch(v.Key) && v.Value.Length > 0).Select(v => v.Value).Distinct().Skip(1).Any()
                    ? [Unknown(text, 0, used, where, $"variables name several; the instance has one: {used.Name}")]
                    : [Whole(used, WordOf(used), used.Name)];
        }

        if (Sibling().Match(name) is not { Success: true } role)
            return [];
        var stem = role.Groups["stem"].Value;
        var tenant = values.Keys.Where(k => IsAddress(k, stem)).SelectMany(addressed).FirstOrDefault(HasDatabase);
        if (tenant is null)
            return [];
        if (role.Groups["database"].Success)
            return [IsBase(Expanded(text, values), tenant) ? Whole(tenant, WordOf(tenant), OwnOf(tenant)) : Other(text, 0, tenant, text, where)];
        // The user is confined to the tenant, so it must not go with another database.
        if (tenant.User is null || !IsParted(stem, tenant, values, addressed))
            return [];
        return role.Groups["user"].Success ? [Whole(tenant, "user", tenant.User)]
            : tenant.Kind == TenantKind.Redis && !values.Keys.Any(k => Sibling().Match(k) is { Success: true } m && m.Groups["user"].Success && Is(m, stem))
                ? [] // the password of the default user
                : [Whole(tenant, "password", tenant.Password!)];

        Edit Suffixed(Tenant suffix) => Whole(suffix, WordOf(suffix), string.Join(',', text.Split(',').Select(each =>
            each.TrimEnd().EndsWith(suffix.Name, StringComparison.Ordinal) ? each : each.TrimEnd() + suffix.Name)));
        Edit Whole(Tenant owner, string what, string value) => Change(0, text.Length, value, owner, what, where);
    }

    /// <summary>The variables that an app lacks to use its tenant, since the client's default is common to all instances.</summary>
    /// <param name="addressed">The tenants whose servers a variable addresses.</param>
    public static IEnumerable<KeyValuePair<string, string>> Missing(
        IReadOnlyDictionary<string, string> values, Func<string, IEnumerable<Tenant>> addressed) =>
        from pair in new[]
        {
            (Address: "TEMPORAL_ADDRESS", Name: "TEMPORAL_NAMESPACE", Kind: TenantKind.Temporal, Pattern: TemporalNamespace()),
            (Address: "LOKI_URL", Name: "LOKI_TENANT_ID", Kind: TenantKind.Loki, Pattern: LokiTenant()),
        }
        where values.ContainsKey(pair.Address) && !values.Any(v => v.Value.Length > 0 && pair.Pattern.IsMatch(v.Key))
        from tenant in addressed(pair.Address)
        where tenant.Kind == pair.Kind
        select KeyValuePair.Create(pair.Name, tenant.Name);

    private static Match? IsUrl(string text, HostAddress address) =>
        Url().Match(text, Math.Max(0, address.Position - LongestAuthority), Math.Min(address.Position, LongestAuthority)) is { Success: true } match ? match : null;

    private static IEnumerable<Edit> OfUrl(
        string text, HostAddress address, Match before, int end, Tenant tenant, IReadOnlyDictionary<string, string>? values, string where)
    {
        if (before.Groups["scheme"] is { Success: true } scheme && !IsSchemeOf(scheme.Value, tenant.Kind))
            return [Unknown(text, address.Position, tenant, where, $"{scheme.Value} is no scheme of {tenant.Service}, which all instances share")];
        var after = AfterHost().Match(text, end);
        var path = after.Groups["path"];
        var query = after.Groups["query"];
        var database = path.Success ? path.Value[1..] : "";
        var parameter = tenant.Kind == TenantKind.Redis ? RedisParameter().Match(query.Value) : Match.Empty;
        if (parameter.Success)
            database = parameter.Groups["value"].Value;
        if (!IsBase(Expanded(database, values), tenant))
            return [Other(text, address.Position, tenant, database, where)];
        var edits = new List<Edit>();
        var info = before.Groups["info"];
        var inQuery = QueryCredentials().Matches(query.Value).ToList();
        if (tenant.User is { } user && inQuery.Count == 0)
            edits.Add(Change(info.Index, info.Length, $"{user}:{tenant.Password}@", tenant, "user", where));
        foreach (var credential in inQuery.Where(_ => tenant.User is not null))
        {
            var value = credential.Groups["value"];
            edits.Add(Change(query.Index + value.Index, value.Length, credential.Groups["user"].Success ? tenant.User! : tenant.Password!, tenant, "user", where));
        }

        if (parameter.Success)
            edits.Add(Change(query.Index + parameter.Groups["value"].Index, parameter.Groups["value"].Length, OwnOf(tenant), tenant, WordOf(tenant), where));
        else
            edits.Add(Change(path.Success ? path.Index : after.Groups["hosts"].Index + after.Groups["hosts"].Length, path.Length, "/" + OwnOf(tenant), tenant, WordOf(tenant), where));
        if (AuthSource().Match(query.Value) is { Success: true } source && tenant.Kind == TenantKind.MongoDb)
            edits.Add(Change(query.Index + source.Groups["value"].Index, source.Groups["value"].Length, tenant.Name, tenant, "authSource", where));
        return edits;
    }

    /// <summary><c>host=localhost port=5433 dbname=app</c>, <c>Host=localhost;Port=5433;Database=app</c>.</summary>
    private static IEnumerable<Edit> OfPairs(string text, HostAddress address, int end, Tenant tenant, string where)
    {
        char[] ends = ['\n', '"', '`'];
        var first = text.LastIndexOfAny(ends, Math.Max(0, address.Position - 1)) + 1;
        var last = text.IndexOfAny(ends, end) is >= 0 and var found ? found : text.Length;
        var part = text[first..last];
        var hasSemicolons = part.Contains(';');
        var pairs = (hasSemicolons ? PairWithSemicolon() : Pair()).Matches(part).ToList();
        var database = pairs.Find(p => p.Groups["database"].Success);
        var name = database?.Groups["value"].Value.Trim('\'') ?? "";
        if (database is null || !IsBase(name, tenant))
            return [Other(text, address.Position, tenant, name, where)];
        var edits = new List<Edit> { Of(database, tenant.Name, WordOf(tenant)) };
        if (tenant.User is null)
            return edits;
        foreach (var (group, key, value) in new[] { ("user", hasSemicolons ? "Username" : "user", tenant.User), ("password", hasSemicolons ? "Password" : "password", tenant.Password!) })
        {
            var pair = pairs.Find(p => p.Groups[group].Success);
            edits.Add(pair is not null ? Of(pair, value, group) : Change(end, 0, $"{(hasSemicolons ? ";" : " ")}{key}={value}", tenant, group, where));
        }

        return edits;

        Edit Of(Match pair, string value, string what) => Change(first + pair.Groups["value"].Index, pair.Groups["value"].Length, value, tenant, what, where);
    }

    /// <summary><c>localhost:6379,password=secret,defaultDatabase=0</c>, as StackExchange.Redis reads it.</summary>
    private static IEnumerable<Edit> OfRedisOptions(string text, HostAddress address, int end, Tenant tenant, string where)
    {
        var database = RedisDatabase().Match(text, end);
        if (database.Success && !IsBase(database.Groups["value"].Value, tenant))
            return [Other(text, address.Position, tenant, database.Groups["value"].Value, where)];
        return database.Success
            ? [Change(database.Groups["value"].Index, database.Groups["value"].Length, OwnOf(tenant), tenant, WordOf(tenant), where)]
            : [Change(end, 0, $",defaultDatabase={OwnOf(tenant)}", tenant, WordOf(tenant), where)];
    }

    private static bool HasDatabase(Tenant tenant) =>
        tenant.Kind is TenantKind.PostgreSql or TenantKind.MySql or TenantKind.MongoDb or TenantKind.Redis or TenantKind.RabbitMq;

    private static bool IsAddress(string key, string stem) => key.Length > stem.Length
        && key.StartsWith(stem, StringComparison.OrdinalIgnoreCase) && AddressWord().IsMatch(key[stem.Length..]);

    private static bool Is(Match sibling, string stem) => sibling.Groups["stem"].Value.Equals(stem, StringComparison.OrdinalIgnoreCase);

    private static string? StemOf(string name) => AddressWord().Match(name) is { Success: true } word ? name[..word.Index] : null;

    private static string? DatabaseOf(string stem, Tenant tenant, IReadOnlyDictionary<string, string> values) => values
        .Where(v => Sibling().Match(v.Key) is { Success: true } m && m.Groups["database"].Success && Is(m, stem) && HasDatabase(tenant))
        .Select(v => v.Value).FirstOrDefault();

    /// <summary>Whether the variables beside a user name the tenant's database.</summary>
    private static bool IsParted(
        string stem, Tenant tenant, IReadOnlyDictionary<string, string> values, Func<string, IEnumerable<Tenant>> addressed) =>
        DatabaseOf(stem, tenant, values) is { } database
            ? IsBase(database, tenant)
            : values.Any(v => IsAddress(v.Key, stem) && v.Value.Contains("://", StringComparison.Ordinal) && addressed(v.Key).Contains(tenant)
                && IsBase(PathOf(v.Value), tenant));

    private static string PathOf(string url) => UrlPath().Match(url).Groups["path"].Value;

    /// <summary>Whether a text names what the tenant stands for; its own name does too, so that a translated text stays.</summary>
    private static bool IsBase(string database, Tenant tenant) => database == OwnOf(tenant) || tenant.Kind switch
    {
        TenantKind.Redis => database is "" or "0",
        TenantKind.RabbitMq => database.Length == 0 || Uri.UnescapeDataString(database) == tenant.Base,
        _ => tenant.Base is not null && (database.Length == 0 || database == tenant.Base),
    };

    private static string OwnOf(Tenant tenant) =>
        tenant.Kind == TenantKind.Redis ? (tenant.Index ?? 0).ToString(CultureInfo.InvariantCulture) : tenant.Name;

    private static string WordOf(Tenant tenant) => tenant.Kind switch
    {
        TenantKind.Temporal => "namespace",
        TenantKind.Kafka => "topic or group",
        TenantKind.RabbitMq => "virtual host",
        TenantKind.Loki => "tenant ID",
        TenantKind.S3 => "bucket",
        _ => "database",
    };

    private static bool IsSchemeOf(string scheme, TenantKind kind) => scheme.ToLowerInvariant().Split('+', ':').Any(word => kind switch
    {
        TenantKind.PostgreSql => word is "postgres" or "postgresql" or "pgsql" or "postgis" or "psql" or "timescaledb",
        TenantKind.MySql => word is "mysql" or "mysql2" or "mariadb",
        TenantKind.MongoDb => word is "mongodb",
        TenantKind.Redis => word is "redis" or "rediss" or "valkey" or "valkeys",
        TenantKind.RabbitMq => word is "amqp" or "amqps",
        _ => false,
    });

    /// <summary>The value of references to other variables: <c>${DB_NAME:-app}</c>.</summary>
    private static string Expanded(string text, IReadOnlyDictionary<string, string>? values) => Reference().Replace(
        text, m => values?.GetValueOrDefault(m.Groups["name"].Value) is { Length: > 0 } value ? value : m.Groups["default"].Value);

    private static Edit Change(int position, int length, string value, Tenant tenant, string what, string where) => new(
        position, length, value,
        new Mention(where, position, $"{what} of {tenant.Service}", MentionForm.Tenant, MentionDecision.Translated)
        {
            To = what is "user" or "password" or "access key" or "secret" ? $"{what} of {tenant.Name}" : OwnOf(tenant),
        });

    private static Edit Other(string text, int position, Tenant tenant, string name, string where) => Unknown(
        text, position, tenant, where,
        name.Length == 0
            ? $"it names no {WordOf(tenant)} of {tenant.Service}, which all instances share"
            : $"{WordOf(tenant)} {name} of {tenant.Service} is common to all instances; each has its own only of {BaseOf(tenant)}");

    private static string BaseOf(Tenant tenant) => tenant.Kind == TenantKind.Redis ? "0" : tenant.Base ?? "the server's initial one, which it doesn't name";

    private static Edit Unknown(string text, int position, Tenant tenant, string where, string reason) => new(
        Math.Min(position, text.Length), 0, null,
        new Mention(where, position, $"{WordOf(tenant)} of {tenant.Service}", MentionForm.Tenant, MentionDecision.Unknown) { Reason = reason });

    [GeneratedRegex("""(?<scheme>[A-Za-z][A-Za-z0-9+.-]*(?::[a-z0-9]+)?):\\?/\\?/(?<info>(?:[^/\s"'`<>]*@)?)(?:[\w.\-\[\]:]+,)*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex("""(?<info>(?:[^/\s"'`<>=]*@)?)tcp\(\z""", RegexOptions.CultureInvariant)]
    private static partial Regex GoAddress();

    [GeneratedRegex("""\G(?<hosts>(?:,[\w.\-\[\]]+:\d+)*)(?<path>/(?:\$\{[^}\s]*\}|[^\s"'`<>?#,;)\]}|&\\])*)?(?<query>\?[^\s"'`<>#]*)?""", RegexOptions.CultureInvariant)]
    private static partial Regex AfterHost();

    [GeneratedRegex("""://[^/\s]*/(?<path>[^\s?#]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPath();

    [GeneratedRegex("[?&](?:(?<user>user|username)|(?<password>password))=(?<value>[^&]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex QueryCredentials();

    [GeneratedRegex("[?&]db=(?<value>[^&]*)", RegexOptions.CultureInvariant)]
    private static partial Regex RedisParameter();

    [GeneratedRegex("[?&]authSource=(?<value>[^&]*)", RegexOptions.CultureInvariant)]
    private static partial Regex AuthSource();

    [GeneratedRegex("""(?<![\w-])(?:(?<database>dbname|database)|(?<user>user(?:name)?|uid)|(?<password>password|pwd))\s*=\s*(?<value>'[^']*'|[^\s"';]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    [GeneratedRegex("""(?<![\w-])(?:(?<database>database|initial catalog|db)|(?<user>user ?name|user ?id|user|uid)|(?<password>password|pwd))\s*=\s*(?<value>[^;"]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PairWithSemicolon();

    [GeneratedRegex(@"\G\s*,\s*[A-Za-z]+=", RegexOptions.CultureInvariant)]
    private static partial Regex RedisOptions();

    [GeneratedRegex(@"\bdefaultDatabase\s*=\s*(?<value>\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RedisDatabase();

    [GeneratedRegex(@"\$\{(?<name>\w+)(?::?-(?<default>[^}]*))?\}|\$(?<name>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?<stem>PG|.+_)(?:(?<database>(?:DB|DATABASE)(?:_?NAME|_?INDEX|_NUMBER)?|NAME|INDEX|VHOST|VIRTUAL_HOST)|(?<user>USER(?:_?NAME)?)|(?<password>PASS(?:WORD|WD)?))\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sibling();

    [GeneratedRegex(@"(?:HOST(?:_?NAME)?|PORT|ADDR(?:ESS)?|SERVER|ENDPOINT|UR[LI]|DSN)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AddressWord();

    [GeneratedRegex(@"(?:KAFKA|REDPANDA).*(?:TOPICS?|TOPIC_NAME|GROUP(?:_ID)?|CONSUMER_GROUP)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KafkaName();

    [GeneratedRegex(@"(?:^|_)BUCKET(?:_NAME)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bucket();

    [GeneratedRegex(@"^(?:MINIO_ROOT_USER|(?:MINIO|AWS|S3)_ACCESS_KEY(?:_ID)?|(?<secret>MINIO_ROOT_PASSWORD|(?:MINIO|AWS|S3)_SECRET(?:_ACCESS)?_KEY))\z", RegexOptions.CultureInvariant)]
    private static partial Regex S3Key();

    [GeneratedRegex(@"^(?:.*_)?TEMPORAL(?:_.*)?_NAMESPACE\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TemporalNamespace();

    [GeneratedRegex(@"^(?:.*_)?LOKI_(?:TENANT|ORG)(?:_ID)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LokiTenant();
}
