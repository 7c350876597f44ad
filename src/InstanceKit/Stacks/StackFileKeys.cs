namespace InstanceKit.Stacks;

/// <summary>The keys of each section of a stack file, the same as in docs/instancekit.schema.json.</summary>
public static class StackFileKeys
{
    /// <summary>Of the file.</summary>
    public static readonly IReadOnlyList<string> Root =
        ["name", "compose", "ports", "pm2", "apps", "variables", "literals", "infra", "allow"];

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
    public static readonly IReadOnlyList<string> Literals = ["keep", "hosts", "replace"];

    /// <summary>Of each entry of <c>literals.replace</c>.</summary>
    public static readonly IReadOnlyList<string> Replacement = ["find", "with"];

    /// <summary>Of <c>infra</c>.</summary>
    public static readonly IReadOnlyList<string> Infra = ["mode", "optional", "commands"];

    /// <summary>Of each service in <c>infra.commands</c>.</summary>
    public static readonly IReadOnlyList<string> InfraCommand = ["run", "port"];

    /// <summary>What <c>infra.mode</c> may be.</summary>
    public static readonly IReadOnlyList<string> InfraModes = ["auto", "compose", "embedded"];

    /// <summary>The values of <c>allow</c>.</summary>
    public static readonly IReadOnlyList<string> Allowances = ["host-network"];

    /// <summary>What <c>protocol</c> may be.</summary>
    public static readonly IReadOnlyList<string> Protocols = ["tcp", "udp"];
}
