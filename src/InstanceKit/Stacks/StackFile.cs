namespace InstanceKit.Stacks;

/// <summary>A workspace's <c>instancekit.yml</c>; what it omits is recognized or discovered.</summary>
public sealed record StackFile
{
    /// <summary>The file's name, in the workspace's folder.</summary>
    public const string FileName = "instancekit.yml";

    /// <summary>The stack name, the prefix of every project and process name.</summary>
    public string? Name { get; init; }

    /// <summary>The compose files, relative to the workspace; the first one's folder is the project directory.</summary>
    public IReadOnlyList<string>? ComposeFiles { get; init; }

    /// <summary>The profiles of the compose files that are part of the stack.</summary>
    public IReadOnlyList<string>? Profiles { get; init; }

    /// <summary>The distance between the same port of two neighbouring instances.</summary>
    public int? Stride { get; init; }

    /// <summary>The host address that published ports are bound to.</summary>
    public string? Bind { get; init; }

    /// <summary>The ports that have names.</summary>
    public IReadOnlyList<NamedPort> Ports { get; init; } = [];

    /// <summary>The PM2 config, relative to the workspace.</summary>
    public string? Pm2Config { get; init; }

    /// <summary>The apps; <see langword="null"/> for those that are recognized or that the PM2 config declares.</summary>
    public IReadOnlyList<AppDefinition>? Apps { get; init; }

    /// <summary>Variables set for every app; values are templates.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>Rules for values that address the stack.</summary>
    public LiteralRules Literals { get; init; } = LiteralRules.None;

    /// <summary>Whether services with <c>network_mode: host</c> are let through.</summary>
    public bool AllowsHostNetwork { get; init; }

    /// <summary>Whether services may write to the same data outside of the workspace in all instances.</summary>
    public bool AllowsSharedData { get; init; }

    /// <summary>Whether instances 1 and higher have their own directories and volumes for data outside of the workspace.</summary>
    public bool OwnsData { get; init; }

    /// <summary>Images that replace others in all instances.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>How services run where Docker does not run them.</summary>
    public InfraDefinition Infra { get; init; } = InfraDefinition.None;

    /// <summary>A stack with the settings of this file applied.</summary>
    /// <param name="basis">The stack that was recognised or discovered.</param>
    /// <exception cref="InstanceKitException">Something refers to a port that has no name.</exception>
    public StackDefinition ApplyTo(StackDefinition basis)
    {
        var stack = Merge(basis);
        var names = stack.Ports.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var app in stack.Apps.Where(a => a.PortName is { } port && !names.Contains(port)))
            throw NoPort($"app {app.Name}", app.PortName!);
        foreach (var (where, template) in Templates(stack))
        {
            if (InstanceTemplate.PortsIn(template).FirstOrDefault(p => !names.Contains(p)) is { } missing)
                throw NoPort(where, missing);
        }

        return stack;
    }

    private static InstanceKitException NoPort(string where, string name) => InstanceKitException.Usage(
        $"{FileName}: {where} refers to port {name}, which is not defined.", $"Define it under ports.named: {name}: {{base: …, service: …}}");

    private static IEnumerable<(string Where, string Template)> Templates(StackDefinition stack) =>
        stack.Variables.Select(v => ($"variable {v.Key}", v.Value))
            .Concat(stack.Apps.SelectMany(a => a.Variables.Select(v => ($"variable {v.Key} of app {a.Name}", v.Value))
                .Concat((a.PortArguments ?? []).Select(w => ($"app {a.Name}", w)))))
            .Concat(stack.Literals.Replacements.Select(r => ($"the replacement of '{r.Find}'", r.With)));

    private StackDefinition Merge(StackDefinition basis)
    {
        var apps = Apps ?? [.. basis.Apps.Select(a => a with
        {
            PortName = a.PortName ?? Ports.FirstOrDefault(p => p.Protocol == "tcp" && p.Owner == new PortOwner(OwnerKind.App, a.Name))?.Name,
        })];
        var named = Ports.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var inherited = basis.Ports.Where(p => !named.Contains(p.Name)
            && (p.Owner.Kind == OwnerKind.Service || apps.Any(a => a.Name == p.Owner.Name && (Apps is null || a.PortName == p.Name))));
        var replaced = Variables.Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        return basis with
        {
            StackFile = FileName,
            Name = Name ?? basis.Name,
            ComposeFiles = ComposeFiles ?? basis.ComposeFiles,
            ComposeProfiles = Profiles ?? basis.ComposeProfiles,
            PortStride = Stride ?? basis.PortStride,
            BindAddress = Bind ?? basis.BindAddress,
            Ports = [.. inherited, .. Ports],
            Pm2Config = Pm2Config ?? basis.Pm2Config,
            Apps = apps,
            Variables = [.. basis.Variables.Where(v => !replaced.Contains(v.Key)), .. Variables],
            Literals = Literals,
            AllowsHostNetwork = AllowsHostNetwork,
            AllowsSharedData = AllowsSharedData,
            OwnsData = OwnsData,
            Images = Images,
            Infra = Infra,
        };
    }
}
