namespace InstanceKit.Stacks;

/// <summary>What a workspace runs: its compose file, named ports and apps, before any instance is chosen.</summary>
public sealed record StackDefinition
{
    private const int LongestName = 40;

    /// <summary>The stack's name; project, process and namespace names begin with it.</summary>
    public required string Name { get; init; }

    /// <summary>What the app names in the workspace's own PM2 config begin with; an instance may be named otherwise.</summary>
    public required string ConfigPrefix { get; init; }

    /// <summary>The compose files, relative to the workspace; the first one's folder is the project directory.</summary>
    public required IReadOnlyList<string> ComposeFiles { get; init; }

    /// <summary>The profiles of the compose files that are part of the stack.</summary>
    public IReadOnlyList<string> ComposeProfiles { get; init; } = [];

    /// <summary>The workspace's PM2 config, relative to the workspace; <see langword="null"/> where it has none.</summary>
    public string? Pm2Config { get; init; }

    /// <summary>Whether only its PM2 config names its apps, and has not been evaluated yet: <see cref="Apps"/> is empty then.</summary>
    public bool HasUnknownApps { get; init; }

    /// <summary>The stack file it was read from, relative to the workspace; <see langword="null"/> for none.</summary>
    public string? StackFile { get; init; }

    /// <summary>Whether services with <c>network_mode: host</c> are let through, although instances share their ports.</summary>
    public bool AllowsHostNetwork { get; init; }

    /// <summary>What is never, or also, changed in the values of the workspace.</summary>
    public LiteralRules Literals { get; init; } = LiteralRules.None;

    /// <summary>How services run where Docker does not run them.</summary>
    public InfraDefinition Infra { get; init; } = InfraDefinition.None;

    /// <summary>The ports known by name.</summary>
    public required IReadOnlyList<NamedPort> Ports { get; init; }

    /// <summary>The apps, in the order in which they are shown.</summary>
    public required IReadOnlyList<AppDefinition> Apps { get; init; }

    /// <summary>Variables set for every app; values are templates, see <see cref="InstanceTemplate"/>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; }

    /// <summary>The distance between the same port of two neighbouring instances.</summary>
    public int PortStride { get; init; } = 100;

    /// <summary>The host address that published ports are bound to.</summary>
    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>How much of the infrastructure an instance has for itself.</summary>
    public IsolationMode Isolation { get; init; } = IsolationMode.Full;

    /// <summary>The Compose project of an instance: <c>shipsec-dev-1</c>. Also its Temporal namespace and queue.</summary>
    public string ProjectOf(int instance) => $"{Name}-dev-{instance}";

    /// <summary>The PM2 name of an app in an instance: <c>shipsec-backend-1</c>.</summary>
    public string ProcessNameOf(string app, int instance) => $"{Name}-{app}-{instance}";

    /// <summary>Whether a text can be a stack's name: a part of a Compose project name.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > LongestName || !IsLetterOrDigit(name[0]))
            return false;
        foreach (var character in name)
        {
            if (!IsLetterOrDigit(character) && character is not ('_' or '-'))
                return false;
        }

        return true;

        static bool IsLetterOrDigit(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);
    }

    /// <summary>Checks a stack's name against what Compose accepts in a project name.</summary>
    /// <exception cref="InstanceKitException">The name has other characters, or is too long for a label.</exception>
    public static string RequireName(string name) =>
        IsName(name)
            ? name
            : throw InstanceKitException.Usage(
                $"Stack name '{name}' is not usable as a Compose project name.",
                $"Use lower-case letters, digits, '-' and '_', beginning with a letter or digit, at most {LongestName} characters.");
}
