using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cli;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Output;

/// <summary>Writes documents as JSON; their shape is described in docs/json.md and changes only with <see cref="SchemaVersion"/>.</summary>
internal static class JsonOutput
{
    /// <summary>The version of the shapes, in every document.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonContext Indented = new(CreateOptions(indented: true));
    private static readonly JsonContext OneLine = new(CreateOptions(indented: false));

    /// <summary>Writes one document, over several lines.</summary>
    public static void Write<T>(TextWriter writer, T document)
    {
        writer.WriteLine(JsonSerializer.Serialize(document, typeof(T), Indented));
        writer.Flush();
    }

    /// <summary>Writes one document on one line: the last of a stream, or all of it.</summary>
    public static void WriteLine<T>(TextWriter writer, T document)
    {
        writer.WriteLine(ToLine(document));
        writer.Flush();
    }

    /// <summary>A document on one line, for streams of them.</summary>
    public static string ToLine<T>(T document) => JsonSerializer.Serialize(document, typeof(T), OneLine);

    /// <summary>How documents are written.</summary>
    /// <param name="indented">Whether over several lines.</param>
    public static JsonSerializerOptions CreateOptions(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        // The text goes to a terminal or a parser, never into HTML: quotes and umlauts may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>What <c>InitStack --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="File">The stack file's absolute path.</param>
/// <param name="Written">Whether it was written: not with <c>--dry-run</c>, nor when it was so already.</param>
/// <param name="Text">Its text.</param>
internal sealed record StackFileDocument(int SchemaVersion, string Workspace, string File, bool Written, string Text)
{
    /// <summary>The document of a report.</summary>
    public static StackFileDocument Of(StackFileReport report) =>
        new(JsonOutput.SchemaVersion, report.Workspace, report.Path, report.IsWritten, report.Text);
}

/// <summary>What <c>ProjectName --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record ProjectDocument(int SchemaVersion, IReadOnlyList<ProjectEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static ProjectDocument Of(IEnumerable<InstanceSpec> specs) =>
        new(JsonOutput.SchemaVersion, [.. specs.Select(s => new ProjectEntry(s.Number, s.Project))]);
}

/// <summary>The project of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
internal sealed record ProjectEntry(int Instance, string Project)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}

/// <summary>What <c>LocalImages --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="File">The absolute path of the env file that selects the images.</param>
/// <param name="Written">Whether the env file was changed.</param>
/// <param name="Images">The images.</param>
internal sealed record LocalImagesDocument(
    int SchemaVersion, string Workspace, string File, bool Written, IReadOnlyList<LocalImageEntry> Images)
{
    /// <summary>The document of a report.</summary>
    public static LocalImagesDocument Of(LocalImagesReport report) => new(
        JsonOutput.SchemaVersion, report.Workspace, report.File, report.IsWritten,
        [.. report.Images.Select(i => new LocalImageEntry(i.Variable, i.Image, i.IsMade))]);
}

/// <summary>One image.</summary>
/// <param name="Variable">The variable that selects it.</param>
/// <param name="Image">Its name.</param>
/// <param name="Made">Whether it was built now; otherwise it existed.</param>
internal sealed record LocalImageEntry(string Variable, string Image, bool Made);

/// <summary>What <c>Env --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record EnvironmentDocument(int SchemaVersion, IReadOnlyList<EnvironmentEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static EnvironmentDocument Of(IEnumerable<InstanceEnvironment> environments) => new(
        JsonOutput.SchemaVersion,
        [
            .. environments.Select(e => new EnvironmentEntry(
                e.Spec.Number, e.Spec.Project, e.Component, e.Variables.ToDictionary(StringComparer.Ordinal))),
        ]);
}

/// <summary>The variables of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Component">The service or app whose variables they are; null for those that all apps share.</param>
/// <param name="Variables">The variables by name.</param>
internal sealed record EnvironmentEntry(
    int Instance, string Project, string? Component, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}

/// <summary>An event of a command: a line of what <c>--json</c> prints before the result.</summary>
internal sealed record EventDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; init; } = JsonOutput.SchemaVersion;

    /// <summary><c>step</c>, <c>waiting</c>, <c>done</c>, <c>note</c> or <c>ended</c>.</summary>
    public required InstanceEventKind Event { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The command that works: <c>InitInstance</c> before <c>Up</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Whether it is about the infrastructure that instances share.</summary>
    public required bool Shared { get; init; }

    /// <summary>The service, app, network, volume or step that it is about; <c>instance</c> for all of it.</summary>
    public required string Subject { get; init; }

    /// <summary>What happened, as a phrase.</summary>
    public required string Message { get; init; }

    /// <summary>The outcome for the instance; null while the command is running.</summary>
    public required Outcome? Outcome { get; init; }

    /// <summary>The document of an event.</summary>
    public static EventDocument Of(string command, InstanceEvent happened, DateTimeOffset now) => new()
    {
        Event = happened.Kind,
        Time = now.UtcDateTime,
        Command = command,
        Instance = happened.Instance,
        Shared = happened.IsShared,
        Subject = happened.Subject,
        Message = happened.Message,
        Outcome = happened.Outcome,
    };
}

/// <summary>What <c>Stats --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Time">When it was measured, in UTC.</param>
/// <param name="Instances">The instances.</param>
internal sealed record StatsDocument(int SchemaVersion, string Workspace, DateTime Time, IReadOnlyList<StatsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static StatsDocument Of(string workspace, IEnumerable<InstanceStatus> statuses, DateTimeOffset now) =>
        new(JsonOutput.SchemaVersion, workspace, now.UtcDateTime, [.. statuses.Select(StatsEntry.Of)]);
}

/// <summary>The resource usage of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Total">All of it.</param>
/// <param name="Components">Those of its services and apps that run.</param>
internal sealed record StatsEntry(int Instance, string Project, UseEntry Total, IReadOnlyList<ComponentUseEntry> Components)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);

    /// <summary>The entry of an instance.</summary>
    public static StatsEntry Of(InstanceStatus status) => new(
        status.Instance, status.Project, UseEntry.Of(status.CpuPercent, status.Use),
        [.. status.Components.Where(c => c.Use is not null).Select(c => new ComponentUseEntry(c.Kind, c.Name, c.IsShared, UseEntry.Of(c.CpuPercent, c.Use)))]);
}

/// <summary>The resource usage of a service or app.</summary>
/// <param name="Kind"><c>service</c> or <c>app</c>.</param>
/// <param name="Name">Its short name.</param>
/// <param name="Shared">Whether all instances share it.</param>
/// <param name="Use">Its resource usage.</param>
internal sealed record ComponentUseEntry(OwnerKind Kind, string Name, bool Shared, UseEntry Use);

/// <summary>Resource usage; null if unknown.</summary>
/// <param name="CpuPercent">Percent of one core, at present.</param>
/// <param name="MemoryBytes">Its memory, without reclaimable file cache.</param>
/// <param name="NetworkReceivedBytes">Bytes received since it was started; unknown for apps.</param>
/// <param name="NetworkSentBytes">Bytes sent since it was started; unknown for apps.</param>
/// <param name="BlockReadBytes">Bytes read from disks since it was started.</param>
/// <param name="BlockWrittenBytes">Bytes written to disks since it was started.</param>
internal sealed record UseEntry(
    double? CpuPercent, long? MemoryBytes, long? NetworkReceivedBytes, long? NetworkSentBytes, long? BlockReadBytes, long? BlockWrittenBytes)
{
    /// <summary>The entry of a use.</summary>
    public static UseEntry Of(double? percent, ResourceUse? use) => new(
        percent is { } value ? Math.Round(value, 2) : null, use?.Memory,
        use?.NetworkReceived, use?.NetworkSent, use?.BlockRead, use?.BlockWritten);
}

/// <summary>What <c>Ports --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record PortsDocument(int SchemaVersion, IReadOnlyList<PortsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static PortsDocument Of(IEnumerable<InstanceInfo> infos) => Of(infos, _ => null);

    /// <summary>The document with the reason for every number.</summary>
    public static PortsDocument Explain(IEnumerable<InstanceInfo> infos) =>
        Of(infos, i => [.. i.Ports.Assignments.Select(PortReason.Of)]);

    private static PortsDocument Of(IEnumerable<InstanceInfo> infos, Func<InstanceInfo, IReadOnlyList<PortReason>?> reasons) => new(
        JsonOutput.SchemaVersion,
        [
            .. infos.Select(i => new PortsEntry(
                i.Spec.Number, i.Spec.Project, i.Ports.Assignments.ToDictionary(a => a.Name, a => a.Port), reasons(i))),
        ]);
}

/// <summary>The ports of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Ports">The ports by name.</param>
/// <param name="Plan">With <c>--explain</c>, every port of the stack and why it is that number; otherwise null.</param>
internal sealed record PortsEntry(
    int Instance, string Project, IReadOnlyDictionary<string, int> Ports, IReadOnlyList<PortReason>? Plan)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}

/// <summary>A port and the reason for its number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">The instance's port.</param>
/// <param name="Count">How many ports follow each other from it on.</param>
/// <param name="BasePort">The port of instance 0 as the workspace writes it.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="OwnerKind">Whether a service or an app publishes it.</param>
/// <param name="Owner">The service's or app's name.</param>
/// <param name="Shared">Whether it is a service's that all instances share.</param>
/// <param name="Reason">The reason for the number, as a phrase.</param>
internal sealed record PortReason(
    string Name, int Port, int Count, int BasePort, string Protocol, OwnerKind OwnerKind, string Owner, bool Shared, string Reason)
{
    /// <summary>The entry of a port.</summary>
    public static PortReason Of(PortAssignment port) => new(
        port.Name, port.Port, port.Count, port.BasePort, port.Protocol, port.Owner.Kind, port.Owner.Name, port.IsShared, port.Reason);
}

/// <summary>The documents that can be written; generated at compile time, because reflection would slow down every start.</summary>
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(OperationDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(ConnectionsDocument))]
[JsonSerializable(typeof(InfoDocument))]
[JsonSerializable(typeof(StackFileDocument))]
[JsonSerializable(typeof(PortsDocument))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(EndpointsDocument))]
[JsonSerializable(typeof(ProjectDocument))]
[JsonSerializable(typeof(MachineDocument))]
[JsonSerializable(typeof(OrphansDocument))]
[JsonSerializable(typeof(ActiveInstanceDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(LocalImagesDocument))]
[JsonSerializable(typeof(DiagnosisDocument))]
[JsonSerializable(typeof(AuditDocument))]
internal sealed partial class JsonContext : JsonSerializerContext;
