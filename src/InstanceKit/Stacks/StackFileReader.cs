using System.Net;
using System.Text.RegularExpressions;
using InstanceKit.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Stacks;

/// <summary>Reads a stack file and reports everything that is wrong in it, each with its line and column.</summary>
internal static partial class StackFileReader
{
    private const int HighestPort = 65535;
    private const int HighestStride = 10_000;

    /// <summary>Reads the file's text.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="file">The file's path for display.</param>
    /// <exception cref="InstanceKitException">Something in it is wrong: all of it is in the message.</exception>
    public static StackFile Read(string text, string file = StackFile.FileName)
    {
        var errors = new YamlErrors(file);
        var root = YamlSection.Of(Parse(text, errors), file, StackFileKeys.Root, errors);
        var compose = root.Section("compose", StackFileKeys.Compose);
        var ports = root.Section("ports", StackFileKeys.Ports);
        var apps = root.Node("apps") is null ? null : ReadApps(root.Section("apps", null), errors);
        var named = ReadPorts(ports.Section("named", null), errors);
        foreach (var (_, _, own) in apps ?? [])
        {
            if (own is not null && named.All(p => p.Name != own.Name))
                named.Add(own);
        }

        var literals = root.Section("literals", StackFileKeys.Literals);
        var allowed = root.Texts("allow", a => OneOf(a, StackFileKeys.Allowances)) ?? [];
        var result = new StackFile
        {
            Name = root.Text("name", n => StackDefinition.IsName(n)
                ? null : "must be lower-case letters, digits, '-' and '_', at most 40 characters"),
            ComposeFiles = compose.Texts("files", Relative),
            Profiles = compose.Texts("profiles"),
            Stride = ports.Number("stride", 1, HighestStride),
            Bind = ports.Text("bind", b => IPAddress.TryParse(b, out _) ? null : "is not an IP address"),
            Ports = named,
            Pm2Config = root.Text("pm2", Relative),
            Apps = apps is null ? null : [.. apps.Select(a => a.App)],
            Variables = ReadVariables(root.Section("variables", null)),
            Literals = new LiteralRules(
                literals.Texts("keep") ?? [], literals.Texts("hosts") ?? [], ReadReplacements(literals, errors))
            {
                Accepted = ReadAccepted(literals, errors),
            },
            Infra = StackFileInfra.Read(root.Section("infra", StackFileKeys.Infra), errors),
            AllowsHostNetwork = allowed.Contains("host-network"),
            AllowsSharedData = allowed.Contains("shared-data"),
            Images = ReadImages(root.Section("images", null)),
            OwnsData = root.Text("data", d => OneOf(d, StackFileKeys.DataModes)) is not null,
        };
        if (compose.Node("files") is YamlSequenceNode { Children.Count: 0 })
            compose.Refuse("files", "compose.files must name at least one file");
        errors.ThrowIfAny();
        return result;
    }

    /// <summary>The words of a command that is a list, or one line that is split at blanks.</summary>
    internal static IReadOnlyList<string>? Words(YamlSection section, string key) =>
        section.Node(key) is YamlScalarNode { Value: { Length: > 0 } line }
            ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries) : section.Texts(key);

    private static YamlNode? Parse(string text, YamlErrors errors)
    {
        try
        {
            var documents = YamlText.Load(text);
            if (documents.Count > 1)
                errors.Add(documents[1].RootNode.Start, "a stack file must contain a single document");
            return documents.Count == 0 ? null : documents[0].RootNode;
        }
        catch (YamlException e)
        {
            errors.Add(e.Start, YamlText.ReasonOf(e));
            errors.ThrowIfAny();
            throw;
        }
    }

    private static List<NamedPort> ReadPorts(YamlSection section, YamlErrors errors)
    {
        var result = new List<NamedPort>();
        foreach (var (name, mark, node) in section.Entries)
        {
            if (!PortName().IsMatch(name))
                errors.Add(mark, $"port name '{name}' must be upper-case letters, digits and '_', starting with a letter");
            var port = YamlSection.Of(node, $"ports.named.{name}", StackFileKeys.NamedPort, errors);
            var (service, app) = (port.Text("service"), port.Text("app"));
            if ((service is null) == (app is null))
                errors.Add(mark, $"port {name} needs either a service or an app as its owner");
            var number = port.Number("base", 1, HighestPort);
            if (port.Node("base") is null)
                errors.Add(mark, $"port {name} needs a base: its number in instance 0");
            result.Add(new NamedPort(
                name, port.Text("label") ?? name, number ?? 1,
                service is not null ? new PortOwner(OwnerKind.Service, service) : new PortOwner(OwnerKind.App, app ?? ""),
                port.Text("scheme"))
            {
                TargetPort = port.Number("target", 1, HighestPort),
                AlsoKnownAs = port.Numbers("also", 1, HighestPort) ?? [],
                Protocol = port.Text("protocol", p => OneOf(p, StackFileKeys.Protocols)) ?? "tcp",
            });
        }

        return result;
    }

    private static List<(AppDefinition App, Mark Mark, NamedPort? Port)> ReadApps(YamlSection section, YamlErrors errors)
    {
        var result = new List<(AppDefinition, Mark, NamedPort?)>();
        foreach (var (name, mark, node) in section.Entries)
        {
            if (!AppName().IsMatch(name))
                errors.Add(mark, $"app name '{name}' must be lower-case letters, digits, '-' and '_'");
            var app = YamlSection.Of(node, $"apps.{name}", StackFileKeys.App, errors);
            var portName = name.ToUpperInvariant().Replace('-', '_');
            var (word, own) = (app.Text("port"), (NamedPort?)null);
            if (word is not null && char.IsAsciiDigit(word[0]))
            {
                own = new NamedPort(
                    portName, name, app.Number("port", 1, HighestPort) ?? 1, new PortOwner(OwnerKind.App, name), "http");
                word = portName;
            }

            var directory = app.Text("directory", Relative) ?? ".";
            var definition = new AppDefinition
            {
                Name = name,
                Directory = directory,
                PortName = word,
                ConfigName = app.Text("pm2", Template),
                Command = Words(app, "command"),
                Optional = app.Texts("optional") ?? [],
                PortArguments = app.Texts("portArguments", Template),
                WaitsForServices = app.Flag("waits") ?? true,
                Variables = ReadVariables(app.Section("variables", null)),
                MayLackEnvFile = true,
            };
            result.Add((app.Texts("env", Relative) is { } env ? definition with { EnvFiles = env, MayLackEnvFile = env.Count == 0 } : definition, mark, own));
        }

        return result;
    }

    private static Dictionary<string, string> ReadImages(YamlSection section) => section.Entries
        .Select(e => (e.Key, Image: section.Text(e.Key, i => i.Any(char.IsWhiteSpace) ? "is not the name of an image" : null)))
        .Where(e => e.Image is not null).ToDictionary(e => e.Key, e => e.Image!, StringComparer.Ordinal);

    private static IReadOnlyList<KeyValuePair<string, string>> ReadVariables(YamlSection section) =>
        [.. section.Entries.Select(e => KeyValuePair.Create(e.Key, section.Text(e.Key, Template) ?? ""))];

    private static List<LiteralReplacement> ReadReplacements(YamlSection literals, YamlErrors errors)
    {
        var result = new List<LiteralReplacement>();
        if (literals.Node("replace") is not { } node)
            return result;
        if (node is not YamlSequenceNode list)
        {
            errors.Add(node.Start, "literals.replace must be a list of find and with");
            return result;
        }

        foreach (var (item, i) in list.Select((n, i) => (n, i)))
        {
            var entry = YamlSection.Of(item, $"literals.replace[{i}]", StackFileKeys.Replacement, errors);
            if (entry.Node("find") is null || entry.Node("with") is null)
                errors.Add(item.Start, $"literals.replace[{i}] needs find and with");
            result.Add(new LiteralReplacement(entry.Text("find") ?? "", entry.Text("with", Template) ?? ""));
        }

        return result;
    }

    private static List<AcceptedLiteral> ReadAccepted(YamlSection literals, YamlErrors errors)
    {
        var result = new List<AcceptedLiteral>();
        if (literals.Node("accept") is not { } node)
            return result;
        if (node is not YamlSequenceNode list)
        {
            errors.Add(node.Start, "literals.accept must be a list of file and text");
            return result;
        }

        foreach (var (item, i) in list.Select((n, i) => (n, i)))
        {
            var entry = YamlSection.Of(item, $"literals.accept[{i}]", StackFileKeys.Accepted, errors);
            if (entry.Node("file") is null)
                errors.Add(item.Start, $"literals.accept[{i}] needs file");
            result.Add(new AcceptedLiteral(entry.Text("file") ?? "", entry.Text("text") ?? "*"));
        }

        return result;
    }

    private static string? Relative(string path) =>
        Path.IsPathRooted(path) || path.Contains('\\') ? "must be relative to the workspace, with '/'" : null;

    private static string? Template(string text) => InstanceTemplate.FindUnknown(text) is { } unknown
        ? $"has the unknown placeholder '{unknown}'; valid placeholders are {{instance}}, {{stack}}, {{project}} and {{port:NAME}}" : null;

    private static string? OneOf(string text, IReadOnlyList<string> known) =>
        known.Contains(text) ? null : $"must be one of {string.Join(", ", known)}";

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]*\z")]
    private static partial Regex PortName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]*\z")]
    private static partial Regex AppName();
}

/// <summary>Reads the section <c>infra</c> of a stack file.</summary>
internal static class StackFileInfra
{
    private const int HighestPort = 65535;

    /// <summary>Reads it; collects errors.</summary>
    public static InfraDefinition Read(YamlSection section, YamlErrors errors) => new()
    {
        Mode = section.Text("mode", m => StackFileKeys.InfraModes.Contains(m)
            ? null : $"must be one of {string.Join(", ", StackFileKeys.InfraModes)}") switch
        {
            "compose" => InfraMode.Compose,
            "embedded" => InfraMode.Embedded,
            "own" => InfraMode.Own,
            "shared" => InfraMode.Shared,
            _ => InfraMode.Auto,
        },
        Optional = section.Texts("optional") ?? [],
        Commands = ReadCommands(section.Section("commands", null), errors),
        Services = ReadServices(section.Section("services", null)),
    };

    private static Dictionary<string, ServiceSharing> ReadServices(YamlSection section) => section.Entries
        .Select(e => (e.Key, Word: section.Text(e.Key, w => StackFileKeys.Sharings.Contains(w)
            ? null : $"must be one of {string.Join(", ", StackFileKeys.Sharings)}")))
        .Where(e => e.Word is not null)
        .ToDictionary(e => e.Key, e => Enum.Parse<ServiceSharing>(e.Word!, ignoreCase: true), StringComparer.Ordinal);

    private static List<EmbeddedCommand> ReadCommands(YamlSection section, YamlErrors errors)
    {
        var result = new List<EmbeddedCommand>();
        foreach (var (service, mark, node) in section.Entries)
        {
            var entry = YamlSection.Of(node, section.Path(service), StackFileKeys.InfraCommand, errors);
            var words = StackFileReader.Words(entry, "run") ?? [];
            var target = entry.Number("port", 1, HighestPort);
            if (entry.Node("run") is null)
                errors.Add(mark, $"{section.Path(service)} needs run: the program and its arguments, with {{port}} and {{data}}");
            else if (words.Count > 0)
                result.Add(new EmbeddedCommand(service, words, target));
        }

        return result;
    }
}

/// <summary>The keys of each section of a stack file, the same as in docs/instancekit.schema.json.</summary>
internal static class StackFileKeys
{
    /// <summary>Of the file.</summary>
    public static readonly IReadOnlyList<string> Root =
        ["name", "compose", "ports", "pm2", "apps", "variables", "literals", "infra", "images", "data", "allow"];

    /// <summary>Of <c>compose</c>.</summary>
    public static readonly IReadOnlyList<string> Compose = ["files", "profiles"];

    /// <summary>Of <c>ports</c>.</summary>
    public static readonly IReadOnlyList<string> Ports = ["stride", "bind", "named"];

    /// <summary>Of each port in <c>ports.named</c>.</summary>
    public static readonly IReadOnlyList<string> NamedPort =
        ["base", "service", "app", "target", "scheme", "label", "also", "protocol"];

    /// <summary>Of each app in <c>apps</c>.</summary>
    public static readonly IReadOnlyList<string> App =
        ["directory", "port", "env", "pm2", "command", "portArguments", "waits", "optional", "variables"];

    /// <summary>Of <c>literals</c>.</summary>
    public static readonly IReadOnlyList<string> Literals = ["keep", "hosts", "replace", "accept"];

    /// <summary>Of each entry of <c>literals.replace</c>.</summary>
    public static readonly IReadOnlyList<string> Replacement = ["find", "with"];

    /// <summary>Of each entry of <c>literals.accept</c>.</summary>
    public static readonly IReadOnlyList<string> Accepted = ["file", "text"];

    /// <summary>Of <c>infra</c>.</summary>
    public static readonly IReadOnlyList<string> Infra = ["mode", "optional", "commands", "services"];

    /// <summary>Of each service in <c>infra.commands</c>.</summary>
    public static readonly IReadOnlyList<string> InfraCommand = ["run", "port"];

    /// <summary>What <c>infra.mode</c> may be.</summary>
    public static readonly IReadOnlyList<string> InfraModes = ["auto", "compose", "embedded", "own", "shared"];

    /// <summary>What each service in <c>infra.services</c> may be.</summary>
    public static readonly IReadOnlyList<string> Sharings = ["own", "tenant", "common"];

    /// <summary>The values of <c>allow</c>.</summary>
    public static readonly IReadOnlyList<string> Allowances = ["host-network", "shared-data"];

    /// <summary>What <c>data</c> may be.</summary>
    public static readonly IReadOnlyList<string> DataModes = ["own"];

    /// <summary>What <c>protocol</c> may be.</summary>
    public static readonly IReadOnlyList<string> Protocols = ["tcp", "udp"];
}
