using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Addresses;

/// <summary>Points texts of a workspace to one instance: the only place that decides which addresses change.</summary>
/// <remarks>
/// On the host, a local address with a base port of the stack means the stack. Inside a container, a name of the host
/// (<c>host.docker.internal</c>, an extra host on the gateway) means the host everywhere, but <c>localhost</c> is the
/// container: a port on which the service listens itself changes only where others read it (an advertised address, a
/// public URL), never after <c>0.0.0.0</c>; any other base port can only mean the host (a CORS origin).
/// </remarks>
internal sealed partial class Translator
{
    private const int Redis = 6379;
    private const int InspectorPort = AppPorts.InspectorPort;
    private const string KeptByStackFile = "the stack file keeps this variable";

    private readonly SubnetPlan _subnets;
    private readonly TranslationRules _rules;
    private readonly IReadOnlyList<string> _hosts = [];
    private readonly IReadOnlySet<int> _own = new HashSet<int>();
    private readonly IReadOnlySet<int> _published = new HashSet<int>();
    private readonly IReadOnlyList<StackName> _names = [];
    private readonly bool _asksEngine;
    private readonly TenantText? _tenants;

    /// <summary>Prepares for the apps of one instance.</summary>
    /// <param name="ports">From the stack's base ports to the instance's.</param>
    /// <param name="subnets">The instance's address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="rules">The stack's own rules; <see langword="null"/> for none.</param>
    /// <param name="names">The names that the compose files fix; <see langword="null"/> for none.</param>
    /// <param name="tenants">What the instance owns inside shared servers; <see langword="null"/> for nothing.</param>
    public Translator(
        PortMap ports, SubnetPlan? subnets = null, TranslationRules? rules = null, IReadOnlyList<StackName>? names = null, TenantText? tenants = null)
    {
        _tenants = tenants;
        _names = names ?? [];
        (Ports, _subnets, _rules) = (ports, subnets ?? SubnetPlan.Empty, rules ?? TranslationRules.None);
        _hosts = [.. _rules.Hosts.Select(h => h.ToLowerInvariant())];
    }

    private Translator(
        Translator all, IEnumerable<int> listens, IEnumerable<int> published, IEnumerable<string> hosts, bool asksEngine)
        : this(all.Ports, all._subnets, all._rules, all._names, all._tenants)
    {
        _asksEngine = asksEngine;
        _own = Ports.GroupsOf(listens);
        _published = Ports.GroupsOf(published);
        _hosts = [.. _hosts.Concat(hosts.Select(h => h.ToLowerInvariant())).Distinct()];
    }

    /// <summary>From the stack's base ports to the instance's.</summary>
    public PortMap Ports { get; }

    /// <summary>The translator of a service's texts.</summary>
    /// <param name="listens">The ports on which the service listens inside its container.</param>
    /// <param name="published">The base ports at which others reach it on the host.</param>
    /// <param name="hostNames">The names by which it reaches the host.</param>
    /// <param name="asksEngine">Whether it asks the engine for containers.</param>
    public Translator ForService(
        IEnumerable<int> listens, IEnumerable<int> published, IEnumerable<string> hostNames, bool asksEngine = false) =>
        new(this, listens, published, hostNames, asksEngine);

    /// <summary>The text for the instance.</summary>
    /// <param name="name">The variable, label or option that the text is the value of; empty for none.</param>
    /// <param name="values">The expanded values of all variables beside it, which may name the host of a bare port.</param>
    /// <param name="where">The file and line, for the mentions.</param>
    public Translation Translate(
        string text, ReaderPlace place, string name = "", IReadOnlyDictionary<string, string>? values = null, string where = "")
    {
        var (translated, mentions) = Edit.Apply(text, EditsOf(text, place, name, values, where));
        return new Translation(
            IsKept(name) ? text : Replaced(translated, place), mentions);
    }

    private bool IsKept(string name) => name.Length > 0 && _rules.Keeps(name);

    private List<Edit> EditsOf(
        string text, ReaderPlace place, string name, IReadOnlyDictionary<string, string>? values, string where)
    {
        var isKept = IsKept(name);
        var edits = new List<Edit>();
        foreach (var address in Find(text, place, name, values))
        {
            if (Ports.Translate(address.Port) is not { } port || (port == address.Port && _tenants is null))
                continue;
            var reason = isKept ? KeptByStackFile : ReasonToKeep(text, address, place, name);
            var host = address.Host.Length > 0 ? $"{address.Host}:" : "";
            if (place == ReaderPlace.HealthCheck && reason is not null && text.Contains("rs.initiate", StringComparison.Ordinal))
            {
                edits.Add(new Edit(address.PortPosition, 0, null, new Mention(
                    where, address.Position, $"{host}{address.Port}", address.Form, MentionDecision.Unknown)
                {
                    Reason = "a replica set sends its clients there; on the host that is instance 0. Use host.docker.internal and its published port",
                }));
                continue;
            }

            if (reason is null && address.Doubt is { } doubt)
            {
                edits.Add(new Edit(address.PortPosition, 0, null, new Mention(where, address.Position, address.Host, address.Form, MentionDecision.Unknown) { Reason = doubt }));
                continue;
            }

            if (reason is null && address.Form == MentionForm.Empty && _tenants?.At(port) is { } own)
            {
                var login = own.User is null ? "" : $"{own.User}:{own.Password}@";
                edits.Add(Edit.Of(0, 0, $"redis://{login}localhost:{port}/{own.Index}", null, new Mention(
                    where, 0, $"{host}{address.Port}", address.Form, MentionDecision.Translated) { To = $"{host}{port}/{own.Index}" }));
                continue;
            }

            if (port != address.Port)
            {
                edits.Add(Edit.Of(
                    address.PortPosition, address.End - address.PortPosition, $"{address.Lead}{port}", reason,
                    new Mention(where, address.Position, $"{host}{address.Port}", address.Form, MentionDecision.Translated) { To = $"{host}{port}" }));
            }

            // After the port, which may be inserted at the same place.
            if (reason is null && _tenants?.At(port) is { } tenant)
                edits.AddRange(TenantText.Around(text, address, tenant, name, values, where).Where(e => !edits.Contains(e)).ToList());
        }

        if (_tenants is not null && values is not null && place == ReaderPlace.HostApp && !isKept)
            edits.AddRange(TenantText.OfVariable(name, text, values, AddressedTenants(values), where));

        foreach (var (at, found) in NameScanner.Find(text, name, _names, _asksEngine).Where(n => !IsCommented(text, n.Position, place)))
        {
            edits.Add(Edit.Of(
                at, found.Old.Length, found.New, isKept ? KeptByStackFile : null,
                new Mention(where, at, found.Old, MentionForm.Name, MentionDecision.Translated) { To = found.New }));
        }

        if (text.Length > 0 && place is ReaderPlace.HostApp or ReaderPlace.ContainerVariable && !Ports.IsIdentity && Secret().IsMatch(name))
        {
            edits.Add(new Edit(0, 0, null, new Mention(where, 0, name, MentionForm.Shared, MentionDecision.Kept)
            {
                Reason = "every instance has this value: what one of them signs or accepts, the others accept too",
            }));
        }

        foreach (var (at, old, own) in NetworkAddresses.Find(text, _subnets))
        {
            edits.Add(Edit.Of(
                at, old.Length, own, isKept ? KeptByStackFile : null,
                new Mention(where, at, old, MentionForm.NetworkAddress, MentionDecision.Translated) { To = own }));
        }

        return edits;
    }

    /// <summary>The words of a command on the host, where an option may name a port: <c>--port 8081</c>.</summary>
    public IReadOnlyList<string> Words(IReadOnlyList<string> words)
    {
        // Options and their values may be one text or two words.
        var text = string.Join('\n', words);
        var options = from Match option in PortOption().Matches(text)
                      let number = option.Groups["port"]
                      let port = int.Parse(number.ValueSpan, CultureInfo.InvariantCulture)
                      where Ports.Translate(port) is { } own && own != port
                      select Edit.Of(number.Index, number.Length, $"{Ports.Translate(port)}", null, new Mention(
                          "", number.Index, number.Value, MentionForm.BarePort, MentionDecision.Translated) { To = $"{Ports.Translate(port)}" });
        var inspectors = from Match option in Inspector().Matches(text)
                         where Ports.Translate(InspectorPort) is { } own && own != InspectorPort
                         select Edit.Of(option.Index + option.Length, 0, $"={Ports.Translate(InspectorPort)}", null, new Mention(
                             "", option.Index, option.Value, MentionForm.BarePort, MentionDecision.Translated) { To = $"{option.Value}={Ports.Translate(InspectorPort)}" });
        var edits = EditsOf(text, ReaderPlace.HostApp, "", null, "").Concat(options).Concat(inspectors).ToList();
        var changed = Replaced(Edit.Apply(text, edits).Text, ReaderPlace.HostApp).Split('\n');
        return words.Any(w => w.Contains('\n')) || changed.Length != words.Count
            ? [.. words.Select(w => Translate(w, ReaderPlace.HostApp).Text)]
            : changed;
    }

    /// <summary>The instance's ports that a translated value addresses, as base ports.</summary>
    /// <param name="values">As in <see cref="Translate"/>.</param>
    public IEnumerable<int> AddressedBy(string text, string name, IReadOnlyDictionary<string, string> values) =>
        Find(text, ReaderPlace.HostApp, name, values).Select(a => Ports.BaseOf(a.Port)).OfType<int>();

    /// <summary>
    /// The variables for ports that an app lacks although it names a local host: its client would take the port of
    /// instance 0.
    /// </summary>
    /// <param name="values">The expanded values of all its variables.</param>
    public IEnumerable<KeyValuePair<string, string>> Missing(IReadOnlyDictionary<string, string> values) => MissingPorts(values)
        .Concat(_tenants is null ? [] : TenantText.Missing(values, AddressedTenants(values)).Where(m => !_rules.Keeps(m.Key)));

    private IEnumerable<KeyValuePair<string, string>> MissingPorts(IReadOnlyDictionary<string, string> values) =>
        from missing in PortKey.Missing(values, _hosts)
        let port = Ports.Translate(missing.Value)
        where port is not null && port != missing.Value && !_rules.Keeps(missing.Key)
        select KeyValuePair.Create(missing.Key, port.Value.ToString(CultureInfo.InvariantCulture));

    private Func<string, IEnumerable<Tenant>> AddressedTenants(IReadOnlyDictionary<string, string> values) => key =>
        (from address in Find(values.GetValueOrDefault(key) ?? "", ReaderPlace.HostApp, key, values)
         select _tenants!.At(Ports.Translate(address.Port) ?? address.Port))
        .Concat(from missing in PortKey.Missing(values, _hosts)
                where key.StartsWith(missing.Key[..^"PORT".Length], StringComparison.OrdinalIgnoreCase)
                select _tenants!.At(Ports.Translate(missing.Value)))
        .OfType<Tenant>();

    private IEnumerable<HostAddress> Find(string text, ReaderPlace place, string name, IReadOnlyDictionary<string, string>? values)
    {
        if (text.Length == 0)
        {
            return place == ReaderPlace.HostApp && EmptyAddress().IsMatch(name)
                ? [new HostAddress(0, "localhost", 0, Redis) { Lead = "redis://localhost:", Form = MentionForm.Empty }]
                : [];
        }

        // In a container, a port without a host is the one that the service listens on.
        if (values is not null && PortKey.Find(name, text, values, _hosts) is { } bare && (place == ReaderPlace.HostApp || bare.Host.Length > 0))
            return [bare];
        var written = AddressScanner.Find(text, _hosts).Concat(PortKey.BareHosts(name, text, _hosts));
        var siblings = SiblingScanner.Find(text, _hosts, p => Ports.Translate(p) is not null).ToList();
        if (siblings.Count > 0)
            written = written.Concat(siblings).OrderBy(a => a.PortPosition);
        return written.DistinctBy(a => a.PortPosition).Where(a => !IsCommented(text, a.Position, place));
    }

    private static bool IsCommented(string text, int position, ReaderPlace place) =>
        place == ReaderPlace.ContainerFile && Comment().IsMatch(LineOf(text, position));

    private string? ReasonToKeep(string text, HostAddress address, ReaderPlace place, string name)
    {
        if (place is ReaderPlace.HostApp or ReaderPlace.Engine || IsHostName(address.Host))
            return null;
        if (place == ReaderPlace.HealthCheck)
            return "a health check asks the container itself";
        var isListening = address.Host is "0.0.0.0" or "[::]";
        var isPublic = place switch
        {
            ReaderPlace.Browser => true,
            ReaderPlace.Container => IsForOthers().IsMatch(name),
            ReaderPlace.ContainerVariable => IsForOthers().IsMatch(name) || IsOwnPublicUrl(text, address, name),
            ReaderPlace.ContainerFile when isListening => false,
            ReaderPlace.ContainerFile => _own.Contains(address.Port) && IsForOthersInFile().IsMatch(LineOf(text, address.Position)),
            _ => false,
        };
        if (isListening && place == ReaderPlace.ContainerFile)
            return "a server listens there";
        if ((!isPublic || isListening) && _own.Contains(address.Port))
            return "the service listens on this port inside its container";
        return IsSeenOutside(address, isPublic) ? null : "localhost is the container itself";
    }

    /// <summary>
    /// Whether a variable holds the URL of the service itself for browsers: with its published port, and a name that does
    /// not say otherwise.
    /// </summary>
    private bool IsOwnPublicUrl(string text, HostAddress address, string name) =>
        _published.Contains(address.Port) && !IsOfContainer(name, text);

    /// <summary>Whether a variable says that its address is the container's own: of a listener, a health check, an internal peer.</summary>
    public static bool IsOfContainer(string name, string text) => IsInternal().IsMatch(name)
        || text.Contains("/health", StringComparison.OrdinalIgnoreCase) || text.Contains("0.0.0.0", StringComparison.Ordinal);

    /// <summary>
    /// Whether a local address inside a container can mean the host: only as a browser or another client outside reads it.
    /// </summary>
    private static bool IsSeenOutside(HostAddress address, bool isPublic) => address.Form switch
    {
        MentionForm.HostAndPort => true,
        MentionForm.SchemeDefault => SchemePorts.IsWeb(address.Port),
        MentionForm.BarePort => isPublic,
        _ => false,
    };

    /// <summary>Whether a name refers to the host from everywhere; <c>localhost</c> does not.</summary>
    private bool IsHostName(string name) =>
        LocalHost.IsHostOfContainers(name) || _hosts.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The line of a position, as far as it is near.</summary>
    private static string LineOf(string text, int position)
    {
        const int near = 200;
        var first = Math.Max(0, position - near);
        var start = position == first ? first : text.LastIndexOf('\n', position - 1, position - first) + 1;
        var isWhole = start > 0 || first == 0;
        start = Math.Max(start, first);
        var last = Math.Min(text.Length, position + near);
        var end = text.IndexOf('\n', position, last - position);
        return (isWhole ? "" : "…") + text[start..(end < 0 ? last : end)];
    }

    private string Replaced(string text, ReaderPlace place)
    {
        // Compose prints and reads a dollar sign twice.
        var isCompose = place is not (ReaderPlace.HostApp or ReaderPlace.ContainerFile);
        foreach (var (find, with) in _rules.Replacements)
            text = text.Replace(Written(find), Written(with), StringComparison.Ordinal);
        return text;

        string Written(string part) => isCompose ? part.Replace("$", "$$", StringComparison.Ordinal) : part;
    }

    /// <remarks>ioredis and node-redis take an empty URL for the local server.</remarks>
    [GeneratedRegex(@"(?:^|_)REDIS_UR[LI]\z")]
    private static partial Regex EmptyAddress();

    [GeneratedRegex("advertis|announce|external|public|cors|origin|redirect|callback|browser", RegexOptions.IgnoreCase)]
    private static partial Regex IsForOthers();

    [GeneratedRegex(
        "advertis|announce|external|public|cors|origin|redirect|callback|browser|(?:root|base|site|server|app|frontend|webhook)[_-]?url|issuer|domain|return 30",
        RegexOptions.IgnoreCase)]
    private static partial Regex IsForOthersInFile();

    [GeneratedRegex("health|internal|listen|bind|self|probe|quorum|voter|controller|bootstrap|inter_broker", RegexOptions.IgnoreCase)]
    private static partial Regex IsInternal();

    [GeneratedRegex(@"(?:(?<![^\s])(?:--[\w.-]*port|-p|--inspect(?:-brk|-wait)?|--bind|-b|--listen|-l|--addr|-addr|-port|-listen|runserver|http\.server)(?:=|\s+):?|(?<![^\s])-[pb](?:(?:127\.0\.0\.1|0\.0\.0\.0|localhost)?:)?)(?<port>[1-9]\d{1,4})(?!\S)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PortOption();

    [GeneratedRegex(@"(?<!\S)--inspect(?:-brk|-wait)?(?!\S|\s+[1-9]\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Inspector();

    /// <remarks>What services of one workspace prove to each other, or to browsers; not the keys of other companies.</remarks>
    [GeneratedRegex(@"(?:^|_)(?:INTERNAL|SERVICE|SESSION|COOKIE|JWT|CSRF|SIGNING|AUTH|NEXTAUTH|APP)_(?:\w+_)?(?:SECRET|TOKEN|KEY)\z|^SECRET_KEY(?:_BASE)?\z")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\s*(?:#|//|;)")]
    private static partial Regex Comment();
}

/// <summary>A change of a text; all are found in the text as written, so that no result is translated again.</summary>
/// <param name="Position">Where it starts.</param>
/// <param name="Length">How much of the text it replaces.</param>
/// <param name="Text">What it writes; <see langword="null"/> to keep the text.</param>
/// <param name="Mention">What is changed or kept.</param>
internal readonly record struct Edit(int Position, int Length, string? Text, Mention Mention)
{
    /// <summary>A change, or what stays for a reason.</summary>
    public static Edit Of(int position, int length, string text, string? reason, Mention mention) => reason is null
        ? new Edit(position, length, text, mention)
        : new Edit(position, length, null, mention with { Decision = MentionDecision.Kept, To = null, Reason = reason });

    /// <summary>The changed text; the same object when nothing changes.</summary>
    public static (string Text, IReadOnlyList<Mention> Mentions) Apply(string text, List<Edit> edits)
    {
        if (edits.Count == 0)
            return (text, []);
        var result = new StringBuilder();
        var mentions = new List<Mention>();
        var copied = 0;
        var isChanged = false;
        foreach (var edit in edits.OrderBy(e => e.Position).Where(e => e.Position >= copied))
        {
            mentions.Add(edit.Mention);
            if (edit.Text is not { } written)
                continue;
            result.Append(text, copied, edit.Position - copied).Append(written);
            copied = edit.Position + edit.Length;
            isChanged = true;
        }

        return (isChanged ? result.Append(text, copied, text.Length - copied).ToString() : text, mentions);
    }
}

/// <summary>A stack's own rules for texts that address it.</summary>
/// <param name="Keeps">Whether a variable's value is never changed.</param>
/// <param name="Hosts">Other names of this machine.</param>
/// <param name="Replacements">Texts that are replaced, and the instance's.</param>
internal sealed record TranslationRules(
    Func<string, bool> Keeps, IReadOnlyList<string> Hosts, IReadOnlyList<KeyValuePair<string, string>> Replacements)
{
    /// <summary>No rules.</summary>
    public static TranslationRules None { get; } = new(_ => false, [], []);
}
