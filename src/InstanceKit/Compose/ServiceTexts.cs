using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Addresses;
using InstanceKit.Models;

namespace InstanceKit.Compose;

/// <summary>The texts of a service that change for one instance, each with who reads it.</summary>
/// <param name="service">The service.</param>
/// <param name="translator">The translator of the instance.</param>
/// <param name="model">The whole model, for the services that share its network; <see langword="null"/> for none.</param>
internal sealed class ServiceTexts(ComposeService service, Translator translator, ComposeModel? model = null)
{
    private const string Gateway = "host-gateway";

    // On one network stack, localhost is all of them.
    private readonly IReadOnlyList<PublishedPort> _ports = [.. NetworkStack(service, model).SelectMany(s => s.Ports)];

    private readonly Translator _translator = translator.ForService(
        NetworkStack(service, model).SelectMany(s => s.Ports.Select(p => p.TargetPort).Concat(s.Exposes)),
        NetworkStack(service, model).SelectMany(s => s.Ports).Select(p => p.BasePort).OfType<int>(),
        service.ExtraHosts.Where(h => h.Value.Contains(Gateway)).Select(h => h.Key),
        service.UsesEngine);

    private readonly List<Mention> _mentions = [];

    /// <summary>What the texts that were asked for mention, each once.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    /// <summary>The variables whose values change.</summary>
    public IReadOnlyDictionary<string, string> Environment() => Changed(service.Environment, ReaderPlace.ContainerVariable, "environment");

    /// <summary>The build arguments whose values change.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments() => Changed(service.BuildArguments, ReaderPlace.ContainerVariable, "build.args");

    /// <summary>The labels whose values change: they are read outside of the container.</summary>
    public IReadOnlyDictionary<string, string> Labels() => Changed(service.Labels, ReaderPlace.Browser, "labels");

    /// <summary>The options of its log driver that change: the engine reads them on the host.</summary>
    public IReadOnlyDictionary<string, string> LogOptions() => Changed(service.LogOptions, ReaderPlace.Engine, "logging.options");

    /// <summary>The whole command when one of its arguments changes, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Command() => Changed(service.Command, ReaderPlace.Container, "command");

    /// <summary>The whole entry point, likewise.</summary>
    public IReadOnlyList<string>? Entrypoint() => Changed(service.Entrypoint, ReaderPlace.Container, "entrypoint");

    /// <summary>The whole health check command when it connects through the host, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? HealthTest() => Changed(service.HealthCheck?.Test, ReaderPlace.HealthCheck, "healthcheck.test");

    /// <summary>A mounted file for the instance.</summary>
    /// <param name="path">Its path, relative to the workspace.</param>
    public string File(string text, string path)
    {
        var translation = _translator.Translate(text, ReaderPlace.ContainerFile, where: path);
        _mentions.AddRange(translation.Mentions.Select(m => m with { Where = $"{path}:{text.AsSpan(0, m.Position).Count('\n') + 1}" }));
        var made = NginxConfig.WithRelativeRedirects(translation.Text, IsReachedElsewhere);
        return NginxConfig.WithPorts(made, port => _ports.Any(p => p.BasePort == port) ? translator.Ports.Translate(port) : null);
    }

    /// <summary>Whether clients on the host reach a port at another number than instance 0's, and than it has in the container.</summary>
    private bool IsReachedElsewhere(int listens) => _ports.Any(p =>
        p.TargetPort == listens && p.BasePort is { } port && translator.Ports.Translate(port) is { } own && own != port && own != listens);

    /// <summary>The services that have one network stack with a service, itself included.</summary>
    private static IEnumerable<ComposeService> NetworkStack(ComposeService service, ComposeModel? model) =>
        model is null ? [service] : model.Services.Where(s => Root(s, model) == Root(service, model));

    private static string Root(ComposeService service, ComposeModel model)
    {
        for (var depth = 0; depth < 10 && Host(service) is { } host && host != service; depth++)
            service = host;
        return service.Name;

        ComposeService? Host(ComposeService of) => of.NetworkMode?.Split(':', 2) switch
        {
            ["service", var name] => model.Services.FirstOrDefault(s => s.Name == name),
            ["container", var name] => model.Services.FirstOrDefault(s => s.ContainerName == name),
            _ => null,
        };
    }

    private SortedDictionary<string, string> Changed(IReadOnlyDictionary<string, string?> values, ReaderPlace place, string section)
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var known = values.Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in known)
        {
            var text = Noted(_translator.Translate(value, place, name, known, $"services.{service.Name}.{section}.{name}"));
            if (text != value)
                changed[name] = text;
        }

        return changed;
    }

    private List<string>? Changed(IReadOnlyList<string>? words, ReaderPlace place, string section)
    {
        // The word before names a value (--advertise-addr localhost:9092), but not another option.
        var changed = words?.Select((word, i) => Noted(_translator.Translate(
            word, place, i > 0 && !word.StartsWith('-') ? $"{words[i - 1]} {word}" : word, where: $"services.{service.Name}.{section}"))).ToList();
        return changed is null || changed.SequenceEqual(words!) ? null : changed;
    }

    private string Noted(Translation translation)
    {
        _mentions.AddRange(translation.Mentions);
        return translation.Text;
    }
}

/// <summary>The configuration of nginx, as far as it makes addresses by itself.</summary>
internal static partial class NginxConfig
{
    /// <summary>
    /// Makes its redirects relative. nginx writes the port on which it listens into absolute ones, which on the host is
    /// instance 0's, or nobody's.
    /// </summary>
    /// <param name="isReachedElsewhere">Whether clients reach a port on which it listens at another number.</param>
    /// <returns>The same text if it is no such configuration, or decides this itself.</returns>
    public static string WithRelativeRedirects(string text, Func<int, bool> isReachedElsewhere)
    {
        if (!text.Contains("listen", StringComparison.Ordinal) || text.Contains("absolute_redirect", StringComparison.Ordinal))
            return text;
        var blocks = Block().Matches(text).Where(b => !IsComment(text, b.Index)).ToLookup(b => b.Groups["name"].Value, b => b.Index + b.Length);
        // A server of the stream module has no locations and knows no redirects.
        if (!blocks["server"].Any() || !Location().IsMatch(text) || !Listen().Matches(text).Any(l => !IsComment(text, l.Index) && isReachedElsewhere(PortOf(l))))
            return text;
        var result = new StringBuilder(text);
        foreach (var at in (blocks["http"].Any() ? blocks["http"] : blocks["server"]).Reverse())
            result.Insert(at, " absolute_redirect off;");
        return result.ToString();
    }

    /// <summary>Adds the port to redirects to the name that the client has used, which nginx's variable has without the port.</summary>
    /// <param name="portOf">The port at which the instance publishes a port of instance 0; <see langword="null"/> for none.</param>
    public static string WithPorts(string text, Func<int, int?> portOf) => Redirect().Replace(text, r =>
        (r.Groups["tls"].Length > 0 ? 443 : 80) is var port && portOf(port) is { } own && own != port && !IsComment(text, r.Index) ? $"{r.Value}:{own}" : r.Value);

    private static int PortOf(Match listen) => int.Parse(listen.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);

    private static bool IsComment(string text, int at) => text.AsSpan(0, at) is var before && before[(before.LastIndexOf('\n') + 1)..].Contains('#');

    [GeneratedRegex(@"(?<![\w$.-])(?<name>http|server)\s*\{")]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<![\w$.-])(?:location\s|return\s+30)")]
    private static partial Regex Location();

    [GeneratedRegex(@"(?<=(?:return\s+30\d|rewrite\s+\S+)\s+[""']?)http(?<tls>s?)://\$\{?(?:host|server_name)\b\}?(?!:)")]
    private static partial Regex Redirect();

    [GeneratedRegex(@"(?<![\w$.-])listen\s+(?:[^\s;]*:)?(?<port>[1-9]\d{0,4})(?=[\s;])")]
    private static partial Regex Listen();
}
