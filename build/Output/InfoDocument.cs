using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Output;

/// <summary>What <c>Info --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Instances">The instances.</param>
internal sealed record InfoDocument(int SchemaVersion, string Workspace, IReadOnlyList<InfoEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static InfoDocument Of(string workspace, IEnumerable<InstanceInfo> infos) =>
        new(JsonOutput.SchemaVersion, workspace, [.. infos.Select(InfoEntry.Of)]);
}

/// <summary>What one instance is.</summary>
internal sealed record InfoEntry
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared => StackDefinition.IsSharedProject(Project);

    /// <summary>Whether its files exist.</summary>
    public required bool Initialized { get; init; }

    /// <summary>The absolute path of its folder.</summary>
    public required string Directory { get; init; }

    /// <summary>The absolute path of its Compose override.</summary>
    public required string Override { get; init; }

    /// <summary>Its ports.</summary>
    public required IReadOnlyList<PortEntry> Ports { get; init; }

    /// <summary>Its apps.</summary>
    public required IReadOnlyList<AppEntry> Apps { get; init; }

    /// <summary>The entry of an instance.</summary>
    public static InfoEntry Of(InstanceInfo info) => new()
    {
        Instance = info.Spec.Number,
        Project = info.Spec.Project,
        Initialized = info.IsInitialized,
        Directory = info.Spec.Paths.Directory,
        Override = info.Spec.Paths.Override,
        Ports = [.. info.Ports.Assignments.Select(PortEntry.Of)],
        Apps =
        [
            .. info.Spec.Stack.Apps.Select(a => new AppEntry(
                a.Name,
                info.Spec.ProcessNameOf(a),
                info.Spec.Paths.EnvFile(a.Name),
                info.Variables.GetValueOrDefault(a.Name, []).ToDictionary(v => v.Key, v => v.Value))),
        ],
    };
}

/// <summary>What one app of an instance is.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="ProcessName">Its PM2 name.</param>
/// <param name="EnvFile">The absolute path of its env file.</param>
/// <param name="Variables">The variables that the instance sets for it.</param>
internal sealed record AppEntry(
    string Name, string ProcessName, string EnvFile, IReadOnlyDictionary<string, string> Variables);

/// <summary>What <c>UseInstance --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Instance">The instance that is used from now on where none is named.</param>
internal sealed record ActiveInstanceDocument(int SchemaVersion, string Workspace, int Instance);

/// <summary>One line of what <c>Logs --json</c> prints: a stream of documents, one per line.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Source">The service or app.</param>
/// <param name="Timestamp">When it was written, in UTC.</param>
/// <param name="IsError">Whether it went to standard error.</param>
/// <param name="Text">The line as it was written.</param>
internal sealed record LogLineDocument(int Instance, string Source, DateTime Timestamp, bool IsError, string Text)
{
    /// <summary>The document of a line.</summary>
    public static LogLineDocument Of(InstanceLogLine line) =>
        new(line.Instance, line.Source, line.Timestamp.UtcDateTime, line.IsError, line.Text);
}

/// <summary>One port of an instance.</summary>
internal sealed record PortEntry
{
    /// <summary>Its name: <c>POSTGRES</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its display name.</summary>
    public required string Label { get; init; }

    /// <summary>The instance's port.</summary>
    public required int Port { get; init; }

    /// <summary>The port of instance 0.</summary>
    public required int BasePort { get; init; }

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The address to use from this machine.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Whether a service or an app publishes it.</summary>
    public required OwnerKind OwnerKind { get; init; }

    /// <summary>The service's or app's name.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether all instances share that service.</summary>
    public required bool Shared { get; init; }

    /// <summary>The entry of a port.</summary>
    public static PortEntry Of(PortAssignment port) => new()
    {
        Name = port.Name,
        Label = port.Label,
        Port = port.Port,
        BasePort = port.BasePort,
        Protocol = port.Protocol,
        Endpoint = port.Endpoint,
        OwnerKind = port.Owner.Kind,
        Owner = port.Owner.Name,
        Shared = port.IsShared,
    };
}

/// <summary>What <c>Open --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record EndpointsDocument(int SchemaVersion, IReadOnlyList<EndpointsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static EndpointsDocument Of(IEnumerable<(InstanceSpec Spec, IReadOnlyList<PortAssignment> Endpoints)> instances) => new(
        JsonOutput.SchemaVersion,
        [.. instances.Select(i => new EndpointsEntry(i.Spec.Number, i.Spec.Project, [.. i.Endpoints.Select(PortEntry.Of)]))]);
}

/// <summary>Where one instance answers.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Endpoints">The ports, each with its endpoint, that of the front end first.</param>
internal sealed record EndpointsEntry(int Instance, string Project, IReadOnlyList<PortEntry> Endpoints)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}
