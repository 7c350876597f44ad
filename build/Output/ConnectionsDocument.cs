using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Stacks;

namespace Output;

/// <summary>What <c>Verify --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Time">When the connections were read, in UTC.</param>
/// <param name="ExitCode">5 if there is a connection with another instance, otherwise 0.</param>
/// <param name="Instances">The instances.</param>
internal sealed record ConnectionsDocument(
    int SchemaVersion, string Workspace, DateTime Time, int ExitCode, IReadOnlyList<ConnectionsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static ConnectionsDocument Of(string workspace, IReadOnlyList<InstanceConnections> looks, DateTimeOffset now) => new(
        JsonOutput.SchemaVersion, workspace, now.UtcDateTime, (int)CrossTalkRule.ExitCodeOf(looks),
        [.. looks.Select(l => new ConnectionsEntry(l.Instance, l.Project, [.. l.Connections.Select(ConnectionEntry.Of)], l.Unread, l.Untranslated))]);
}

/// <summary>The connections of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Connections">Its established connections.</param>
/// <param name="Unread">Why the connections of some services are unknown, as sentences. Empty as a rule.</param>
/// <param name="Untranslated">How many places of the workspace address the stack although no rule covers them.</param>
internal sealed record ConnectionsEntry(
    int Instance, string Project, IReadOnlyList<ConnectionEntry> Connections, IReadOnlyList<string> Unread, int Untranslated)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}

/// <summary>The connections of one process, or of one container, with one address.</summary>
/// <param name="CrossTalk">Whether one of the ends belongs to another instance.</param>
/// <param name="Description">Both ends and the reason, as sentences.</param>
/// <param name="Count">How many connections there are.</param>
/// <param name="Variables">The client's variables that name the server's address; read for connections with other instances only.</param>
/// <param name="Client">Who has connected.</param>
/// <param name="Server">Whose port it is.</param>
internal sealed record ConnectionEntry(
    bool CrossTalk, string Description, int Count, IReadOnlyList<string> Variables, ConnectionEndEntry Client, ConnectionEndEntry Server)
{
    /// <summary>The entry of a connection.</summary>
    public static ConnectionEntry Of(InstanceConnection connection) => new(
        connection.IsCrossTalk, connection.Describe(), connection.Count, connection.Variables,
        ConnectionEndEntry.Of(connection.Client), ConnectionEndEntry.Of(connection.Server));
}

/// <summary>One end of a connection.</summary>
/// <param name="Owner"><c>own</c>, <c>instance</c> (another one), <c>machine</c> or <c>outside</c>.</param>
/// <param name="Address">The address and port; of several connections, that of one of them.</param>
/// <param name="Instance">The instance's number; null for the machine's and outside.</param>
/// <param name="Project">The instance's Compose project; null for the machine's and outside.</param>
/// <param name="Workspace">The workspace of an instance of another one, if that is known; otherwise null.</param>
/// <param name="Kind"><c>service</c> or <c>app</c>; null for the machine's and outside.</param>
/// <param name="Name">The name of the service, app or container; null if unknown.</param>
/// <param name="Process">The short name of the process; null if unknown.</param>
/// <param name="Pid">Its process id on this machine; null if unknown.</param>
internal sealed record ConnectionEndEntry(
    ConnectionOwner Owner, string Address, int? Instance, string? Project, string? Workspace, OwnerKind? Kind, string? Name, string? Process, int? Pid)
{
    /// <summary>The entry of an end.</summary>
    public static ConnectionEndEntry Of(ConnectionEnd end) =>
        new(end.Owner, end.Address, end.Instance, end.Project, end.Workspace, end.Kind, end.Name, end.Process, end.Pid);
}

/// <summary>Whether instances talk to themselves alone.</summary>
internal static class CrossTalkRule
{
    /// <summary>The exit code of <c>Verify</c>.</summary>
    public static ExitCode ExitCodeOf(IReadOnlyList<InstanceConnections> looks) =>
        looks.Any(l => l.CrossTalk.Count > 0) ? ExitCode.NotReady : ExitCode.Ok;
}
