using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>What a workspace runs: its compose file, named ports and apps, before any instance is chosen.</summary>
public sealed record StackDefinition
{
    private const string SharedEnd = "-dev-shared";

    private const int LongestName = 40;

    /// <summary>The stack name; the prefix of project, process and namespace names.</summary>
    public required string Name { get; init; }

    /// <summary>The prefix of app names in the workspace's own PM2 config; an instance may use another name.</summary>
    public required string ConfigPrefix { get; init; }

    /// <summary>The compose files, relative to the workspace; the first one's folder is the project directory.</summary>
    public required IReadOnlyList<string> ComposeFiles { get; init; }

    /// <summary>The profiles of the compose files that are part of the stack.</summary>
    public IReadOnlyList<string> ComposeProfiles { get; init; } = [];

    /// <summary>The workspace's PM2 config, relative to the workspace; <see langword="null"/> where it has none.</summary>
    public string? Pm2Config { get; init; }

    /// <summary>Whether it is the shared infrastructure of a stack: services alone, in a directory of their own.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether only its PM2 config names its apps, and has not been evaluated yet: <see cref="Apps"/> is empty then.</summary>
    public bool HasUnknownApps { get; init; }

    /// <summary>The stack file it was read from, relative to the workspace; <see langword="null"/> for none.</summary>
    public string? StackFile { get; init; }

    /// <summary>Whether services with <c>network_mode: host</c> are let through, although instances share their ports.</summary>
    public bool AllowsHostNetwork { get; init; }

    /// <summary>Whether services may write to the same data outside of the workspace in all instances.</summary>
    public bool AllowsSharedData { get; init; }

    /// <summary>Whether instances 1 and higher have their own directories and volumes for data outside of the workspace.</summary>
    public bool OwnsData { get; init; }

    /// <summary>Images that replace others in all instances, by the image of the compose files.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>What is never, or also, changed in the values of the workspace.</summary>
    public LiteralRules Literals { get; init; } = LiteralRules.None;

    /// <summary>How services run where Docker does not run them.</summary>
    public InfraDefinition Infra { get; init; } = InfraDefinition.None;

    /// <summary>Who has a service in the shared mode unless the stack file says so, by service.</summary>
    public IReadOnlyDictionary<string, ServiceSharing> DefaultSharing { get; init; } = new Dictionary<string, ServiceSharing>();

    /// <summary>Variables set for every app of an instance that shares services; values are templates.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SharedVariables { get; init; } = [];

    /// <summary>What users should know of how it was found.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The ports known by name.</summary>
    public required IReadOnlyList<NamedPort> Ports { get; init; }

    /// <summary>The apps, in display order.</summary>
    public required IReadOnlyList<AppDefinition> Apps { get; init; }

    /// <summary>Variables set for every app; values are templates, see <see cref="InstanceTemplate"/>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; }

    /// <summary>The distance between the same port of two neighbouring instances.</summary>
    public int PortStride { get; init; } = 100;

    /// <summary>The host address that published ports are bound to.</summary>
    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>The Compose project of an instance: <c>shipsec-dev-1</c>. Also its Temporal namespace and queue.</summary>
    public string ProjectOf(int instance) => IsShared ? Name + SharedEnd : $"{Name}-dev-{instance}";

    /// <summary>Whether a project is the infrastructure that instances share.</summary>
    public static bool IsSharedProject(string project) => project.EndsWith(SharedEnd, StringComparison.Ordinal);

    /// <summary>An instance at the beginning of a sentence: "Instance 1", or "Shared infrastructure" for what instances share.</summary>
    public static string TitleOf(int instance, string project) => IsSharedProject(project) ? "Shared infrastructure" : $"Instance {instance}";

    /// <summary>The same within a sentence: "instance 1", or "the shared infrastructure".</summary>
    public static string NameOf(int instance, string project) => IsSharedProject(project) ? "the shared infrastructure" : $"instance {instance}";

    /// <summary>The PM2 name of an app in an instance: <c>shipsec-backend-1</c>.</summary>
    public string ProcessNameOf(string app, int instance) => IsShared ? $"{Name}-{app}-shared" : $"{Name}-{app}-{instance}";

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

    /// <summary>Checks a stack name against the rules for Compose project names.</summary>
    /// <exception cref="InstanceKitException">The name has other characters, or is too long for a label.</exception>
    public static string RequireName(string name) =>
        IsName(name)
            ? name
            : throw InstanceKitException.Usage(
                $"Stack name '{name}' is not a valid Compose project name.",
                $"Use at most {LongestName} lower-case letters, digits, '-' and '_', starting with a letter or digit.");
}

/// <summary>A published port that the stack knows by name.</summary>
/// <param name="Name">The name that <c>Ports</c> prints: upper case, <c>TEMPORAL_UI</c>.</param>
/// <param name="Label">The name shown to people: "Temporal UI".</param>
/// <param name="BasePort">The port of instance 0, 1 to 65535.</param>
/// <param name="Owner">The service or app that publishes it.</param>
/// <param name="Scheme">The URL scheme of its endpoint, such as <c>http</c>; <see langword="null"/> for host:port.</param>
public sealed record NamedPort(string Name, string Label, int BasePort, PortOwner Owner, string? Scheme = null)
{
    /// <summary>
    /// The port inside the container; <see langword="null"/> for an app, or if the compose files define it. A service
    /// that only exposes it is published by the instance.
    /// </summary>
    public int? TargetPort { get; init; }

    /// <summary>
    /// Whether it is base + instance × stride whatever else the stack publishes, as the specification promises of its
    /// eleven; any other is moved where two instances would meet.
    /// </summary>
    public bool IsFixed { get; init; }

    /// <summary>Other ports that files of the workspace use for it, such as a former one: 19092.</summary>
    public IReadOnlyList<int> AlsoKnownAs { get; init; } = [];

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public string Protocol { get; init; } = "tcp";
}

/// <summary>A stack's settings for running its services without Docker.</summary>
public sealed record InfraDefinition
{
    /// <summary>No settings.</summary>
    public static InfraDefinition None { get; } = new();

    /// <summary>What runs the services unless the command sets it.</summary>
    public InfraMode Mode { get; init; } = InfraMode.Auto;

    /// <summary>The services that every app can do without: it is started although they are skipped.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Who has a service in the shared mode, by service; the others are decided by their images.</summary>
    public IReadOnlyDictionary<string, ServiceSharing> Services { get; init; } = new Dictionary<string, ServiceSharing>();

    /// <summary>Commands that stand for services.</summary>
    public IReadOnlyList<EmbeddedCommand> Commands { get; init; } = [];

    /// <summary>Whether an app can do without a service.</summary>
    public bool IsOptional(string service, AppDefinition app) => Optional.Contains(service) || app.Optional.Contains(service);
}

/// <summary>A stack's command to run a service without Docker.</summary>
/// <param name="Service">The service.</param>
/// <param name="Words">The program and its arguments; <c>{port}</c> and <c>{data}</c> are the instance's. At least one.</param>
/// <param name="TargetPort">The container's port whose instance port is <c>{port}</c>; the first published one by default.</param>
public sealed record EmbeddedCommand(string Service, IReadOnlyList<string> Words, int? TargetPort = null);

/// <summary>What runs the services of an instance.</summary>
public enum InfraMode
{
    /// <summary>Compose if an engine answers, otherwise processes; an existing instance does not change.</summary>
    Auto,

    /// <summary>Containers, by Compose.</summary>
    Compose,

    /// <summary>Processes of this machine, by PM2.</summary>
    Embedded,

    /// <summary>Services of the instance's own, by Compose or PM2 as in <see cref="Auto"/>.</summary>
    Own,

    /// <summary>One infrastructure for all instances, in which each has its own data; what can't be parted is the instance's own.</summary>
    Shared,
}

/// <summary>Who has a service where the infrastructure is shared.</summary>
public enum ServiceSharing
{
    /// <summary>Each instance has its own container or process.</summary>
    Own,

    /// <summary>All instances share it, each with its own part: a database, an index, a namespace.</summary>
    Tenant,

    /// <summary>All instances share it, and it is not parted.</summary>
    Common,
}

/// <summary>A stack's own rules for values that address it.</summary>
/// <param name="Keep">Variables whose values are never changed; <c>*</c> matches any characters.</param>
/// <param name="Hosts">Other names of this machine in the workspace, such as <c>dev.local</c>.</param>
/// <param name="Replacements">Texts replaced wherever addresses are.</param>
public sealed record LiteralRules(
    IReadOnlyList<string> Keep, IReadOnlyList<string> Hosts, IReadOnlyList<LiteralReplacement> Replacements)
{
    /// <summary>What is known and not reported any more.</summary>
    public IReadOnlyList<AcceptedLiteral> Accepted { get; init; } = [];

    /// <summary>No rules.</summary>
    public static LiteralRules None { get; } = new([], [], []);

    /// <summary>Whether a variable's value is never changed.</summary>
    public bool Keeps(string name) => Keep.Any(k => Matches(k, name));

    /// <summary>Whether an address that no rule covers is known.</summary>
    /// <param name="where">The file and line, or the key.</param>
    /// <param name="what">The address.</param>
    public bool Accepts(string where, string what) => Accepted.Any(
        a => (Matches(a.File, where) || Matches(a.File, where[..Math.Max(0, where.LastIndexOf(':'))])) && Matches(a.Text, what));

    private static bool Matches(string pattern, string text) => Regex.IsMatch(
        text, $@"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
}

/// <summary>An address that stays as it is, and is not reported.</summary>
/// <param name="File">The file, relative to the workspace; <c>*</c> matches any characters.</param>
/// <param name="Text">The address: <c>localhost:5601</c>; <c>*</c> matches any characters.</param>
public sealed record AcceptedLiteral(string File, string Text);

/// <summary>A text of the workspace that must differ between instances.</summary>
/// <param name="Find">The text, exactly.</param>
/// <param name="With">A template, see <see cref="InstanceTemplate"/>.</param>
public sealed record LiteralReplacement(string Find, string With);

/// <summary>What publishes a port: a Compose service or a PM2 app.</summary>
public enum OwnerKind
{
    /// <summary>A service of the compose files.</summary>
    Service,

    /// <summary>An app run by PM2.</summary>
    App,
}

/// <summary>Who publishes a port.</summary>
/// <param name="Kind">Service or app.</param>
/// <param name="Name">The service's name in the compose files, or the app's in the stack.</param>
public sealed record PortOwner(OwnerKind Kind, string Name)
{
    /// <summary>Reads as "service postgres".</summary>
    public override string ToString() => $"{(Kind == OwnerKind.Service ? "service" : "app")} {Name}";
}

/// <summary>An app of the workspace, run by PM2.</summary>
public sealed record AppDefinition
{
    private readonly IReadOnlyList<string>? _envFiles;

    /// <summary>The app's short name: <c>backend</c>. Its env file is named after it.</summary>
    public required string Name { get; init; }

    /// <summary>The app's folder, relative to the workspace.</summary>
    public required string Directory { get; init; }

    /// <summary>The name of the port it listens on; <see langword="null"/> for an app without one.</summary>
    public string? PortName { get; init; }

    /// <summary>The env files it may have, relative to the workspace: the first that exists is the instance's source.</summary>
    public IReadOnlyList<string> EnvFiles
    {
        get => _envFiles ?? [$"{Directory}/.env", $"{Directory}/.env.example"];
        init => _envFiles = value;
    }

    /// <summary>Further env files that its command names, relative to the workspace.</summary>
    public IReadOnlyList<string> FurtherEnvFiles { get; init; } = [];

    /// <summary>The variables that the workspace's PM2 config sets for it.</summary>
    public IReadOnlyList<string> ConfigVariables { get; init; } = [];

    /// <summary>Whether it may have no env file at all.</summary>
    public bool MayLackEnvFile { get; init; }

    /// <summary>Its name in the workspace's PM2 config; <see langword="null"/> where that follows from the stack's names.</summary>
    public string? ConfigName { get; init; }

    /// <summary>What runs it where no PM2 config does, in its folder; <see langword="null"/> for <c>npm run dev</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// Arguments added to its command, for an app that does not read its port from the environment; templates, see
    /// <see cref="InstanceTemplate"/>. <see langword="null"/> lets the dev server it starts decide.
    /// </summary>
    public IReadOnlyList<string>? PortArguments { get; init; }

    /// <summary>Whether it is started only when the services are ready that its variables address.</summary>
    public bool WaitsForServices { get; init; } = true;

    /// <summary>The services that it can do without: it is started although they are skipped.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>
    /// Variables set for this app only, in addition to the stack's; values are templates, see <see cref="InstanceTemplate"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];
}
