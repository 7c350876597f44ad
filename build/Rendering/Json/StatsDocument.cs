using InstanceKit.Planning;
using InstanceKit.Stacks;
using InstanceKit.Status;

namespace Rendering.Json;

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

/// <summary>What one instance takes of the machine.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Total">All of it.</param>
/// <param name="Components">Those of its services and apps that run.</param>
internal sealed record StatsEntry(int Instance, string Project, UseEntry Total, IReadOnlyList<ComponentUseEntry> Components)
{
    /// <summary>The entry of an instance.</summary>
    public static StatsEntry Of(InstanceStatus status) => new(
        status.Instance, status.Project, UseEntry.Of(status.CpuPercent, status.Use),
        [.. status.Components.Where(c => c.Use is not null).Select(c => new ComponentUseEntry(c.Kind, c.Name, UseEntry.Of(c.CpuPercent, c.Use)))]);
}

/// <summary>What a service or app takes of the machine.</summary>
/// <param name="Kind"><c>service</c> or <c>app</c>.</param>
/// <param name="Name">Its short name.</param>
/// <param name="Use">What it takes.</param>
internal sealed record ComponentUseEntry(OwnerKind Kind, string Name, UseEntry Use);

/// <summary>What something takes of the machine; null is not known.</summary>
/// <param name="CpuPercent">Percent of one core, at present.</param>
/// <param name="MemoryBytes">Its memory, without file cache that could be given up.</param>
/// <param name="NetworkReceivedBytes">What it has received since it was started; apps are not known.</param>
/// <param name="NetworkSentBytes">What it has sent since it was started; apps are not known.</param>
/// <param name="BlockReadBytes">What it has read from disks since it was started.</param>
/// <param name="BlockWrittenBytes">What it has written to disks since it was started.</param>
internal sealed record UseEntry(
    double? CpuPercent, long? MemoryBytes, long? NetworkReceivedBytes, long? NetworkSentBytes, long? BlockReadBytes, long? BlockWrittenBytes)
{
    /// <summary>The entry of a use.</summary>
    public static UseEntry Of(double? percent, ResourceUse? use) => new(
        percent is { } value ? Math.Round(value, 2) : null, use?.Memory,
        use?.NetworkReceived, use?.NetworkSent, use?.BlockRead, use?.BlockWritten);
}
