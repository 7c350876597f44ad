using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Stacks;

/// <summary>Writes a stack file from what was discovered in a workspace, with comments, ready to edit.</summary>
internal static partial class StackFileWriter
{
    /// <summary>Writes the file's whole text.</summary>
    /// <param name="stack">The stack that was recognised or discovered.</param>
    /// <param name="published">What its compose files publish.</param>
    public static string Write(StackDefinition stack, IReadOnlyList<PublishedPort> published)
    {
        var text = new StringBuilder();
        text.Append("# What this workspace runs, for ShipSec.Build; written by InitStack from what it found.\n");
        text.Append("# Every key is optional; what is omitted is discovered. docs/stack-file.md describes them all.\n\n");
        text.Append("# The prefix of every Compose project and process name.\n");
        text.Append(CultureInfo.InvariantCulture, $"name: {stack.Name}\n\n");
        text.Append("compose:\n  # Merged in this order.\n");
        text.Append(CultureInfo.InvariantCulture, $"  files: {List(stack.ComposeFiles)}\n");
        text.Append(stack.ComposeProfiles.Count > 0
            ? $"  profiles: {List(stack.ComposeProfiles)}\n\n"
            : "  # profiles: [dev]\n\n");
        AddPorts(text, stack, published);
        text.Append(stack.Pm2Config is { } config ? $"pm2: {Scalar(config)}\n\n" : "# pm2: ecosystem.config.cjs\n\n");
        AddApps(text, stack);
        if (stack.Variables.Count > 0)
        {
            text.Append("# Variables of every app: {instance}, {stack}, {project} and {port:NAME} are expanded.\nvariables:\n");
            AddVariables(text, stack.Variables, "  ");
            text.Append('\n');
        }

        text.Append("# literals:\n#   keep: [\"*_WEBHOOK_URL\"]   # variables whose values are never changed\n");
        text.Append("#   hosts: [dev.local]         # other names of this machine\n");
        text.Append("#   replace:\n#     - {find: my-topic, with: \"my-topic-{instance}\"}\n");
        text.Append("# infra:                       # without Docker\n#   optional: [loki]           # services that apps can run without\n");
        text.Append("#   commands:\n#     search: {run: \"my-search --port {port} --data {data}\", port: 9200}\n");
        text.Append("# data: own                    # own folders and volumes for data outside of the workspace in instances 1 and higher\n");
        text.Append("# allow: [host-network]        # services with network_mode: host, whose ports all instances share; or shared-data\n");
        return text.ToString();
    }

    private static void AddPorts(StringBuilder text, StackDefinition stack, IReadOnlyList<PublishedPort> published)
    {
        text.Append("ports:\n  # Instance N uses base + N × stride, or the nearest port at which no two instances conflict.\n");
        text.Append(CultureInfo.InvariantCulture, $"  stride: {stack.PortStride}\n");
        text.Append(CultureInfo.InvariantCulture, $"  bind: {Scalar(stack.BindAddress)}\n");
        var named = stack.Ports.Concat(NamesFor(published, stack)).ToList();
        if (named.Count == 0)
        {
            text.Append("  # named:\n  #   DB: {base: 5432, service: postgres, target: 5432, scheme: postgresql}\n\n");
            return;
        }

        text.Append("  # A port without a name is still discovered, and named after its service.\n  named:\n");
        foreach (var port in named)
        {
            List<string> parts =
            [
                $"base: {port.BasePort}", $"{(port.Owner.Kind == OwnerKind.Service ? "service" : "app")}: {Scalar(port.Owner.Name)}",
            ];
            if (port.TargetPort is { } target)
                parts.Add($"target: {target}");
            if (port.Scheme is { } scheme)
                parts.Add($"scheme: {scheme}");
            if (port.Label != port.Name)
                parts.Add($"label: {Scalar(port.Label)}");
            if (port.AlsoKnownAs.Count > 0)
                parts.Add($"also: [{string.Join(", ", port.AlsoKnownAs)}]");
            if (port.Protocol != "tcp")
                parts.Add($"protocol: {port.Protocol}");
            text.Append(CultureInfo.InvariantCulture, $"    {port.Name}: {{{string.Join(", ", parts)}}}\n");
        }

        text.Append('\n');
    }

    /// <summary>A single port is named after its service; with several, each has its number appended.</summary>
    private static IEnumerable<NamedPort> NamesFor(IReadOnlyList<PublishedPort> published, StackDefinition stack)
    {
        var free = published.Where(p => p.BasePort is not null && p.Count == 1
                && stack.Ports.All(n => (n.BasePort, n.Protocol) != (p.BasePort!.Value, p.Protocol)))
            .DistinctBy(p => (p.BasePort, p.Protocol)).OrderBy(p => p.Service, StringComparer.Ordinal).ThenBy(p => p.BasePort).ToList();
        var taken = stack.Ports.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var port in free)
        {
            var stem = Unusable().Replace(port.Service.ToUpperInvariant(), "_").TrimStart('_');
            if (stem.Length == 0 || char.IsAsciiDigit(stem[0]))
                stem = "P" + stem;
            var name = free.Count(p => p.Service == port.Service) == 1 ? stem : $"{stem}_{port.TargetPort}";
            if (!taken.Add(name) && !taken.Add(name = $"{name}_{port.BasePort}_{port.Protocol.ToUpperInvariant()}"))
                continue;
            yield return new NamedPort(name, name, port.BasePort!.Value, new PortOwner(OwnerKind.Service, port.Service))
            {
                TargetPort = port.TargetPort, Protocol = port.Protocol,
            };
        }
    }

    private static void AddApps(StringBuilder text, StackDefinition stack)
    {
        if (stack.Apps.Count == 0)
        {
            text.Append("# apps:\n#   web:\n#     directory: apps/web\n#     port: 3000\n\n");
            return;
        }

        text.Append("apps:\n");
        foreach (var app in stack.Apps)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {app.Name}:\n    directory: {Scalar(app.Directory)}\n");
            if (app.PortName is { } port)
                text.Append(CultureInfo.InvariantCulture, $"    port: {port}\n");
            if (app.ConfigName is { } name)
                text.Append(CultureInfo.InvariantCulture, $"    pm2: {Scalar(name)}\n");
            if (app.Command is { } command)
                text.Append(CultureInfo.InvariantCulture, $"    command: {List(command)}\n");
            if (app.PortArguments is { } words)
                text.Append(CultureInfo.InvariantCulture, $"    portArguments: {List(words)}\n");
            if (!app.WaitsForServices)
                text.Append("    waits: false\n");
            if (app.Variables.Count > 0)
            {
                text.Append("    variables:\n");
                AddVariables(text, app.Variables, "      ");
            }
        }

        text.Append('\n');
    }

    private static void AddVariables(StringBuilder text, IReadOnlyList<KeyValuePair<string, string>> variables, string indent)
    {
        foreach (var (name, value) in variables)
            text.Append(CultureInfo.InvariantCulture, $"{indent}{Scalar(name)}: {Scalar(value)}\n");
    }

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Scalar))}]";

    private static string Scalar(string text) => Plain().IsMatch(text)
        ? text
        : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|y|n)\z)[A-Za-z_./][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*\z", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();

    [GeneratedRegex("[^A-Z0-9]+")]
    private static partial Regex Unusable();
}
