using System.Text.Json.Serialization;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>Assigns an instance's number, project and ports on this machine to one workspace.</summary>
public sealed record Lease
{
    /// <summary>The workspace's absolute path, without symbolic links.</summary>
    public required string Workspace { get; init; }

    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>Its resources on the machine; at first only its ports are known.</summary>
    public required InstanceFootprint Footprint { get; init; }

    /// <summary>The PM2_HOME whose daemon runs its apps; <see langword="null"/> before the first <c>Up</c>.</summary>
    public string? Pm2Home { get; init; }

    /// <summary>What runs its services; <see langword="null"/> before the first <c>Up</c>.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>When it was claimed, in UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether <c>--instance auto</c> chose the number.</summary>
    public bool IsAuto { get; init; }

    /// <summary>Where the workspace was before it was moved; <see langword="null"/> when it never was.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>The file system of the workspace when it was claimed: a folder that is missing while another one is there is not gone.</summary>
    public string? Disk { get; init; }

    /// <summary>Distinguishes the workspace's directory from a copy; <see langword="null"/> if unknown.</summary>
    public string? Identity { get; init; }

    /// <summary>Where its files lie.</summary>
    [JsonIgnore]
    public InstancePaths Paths => new(Workspace, Number);

    /// <summary>What marks its processes.</summary>
    [JsonIgnore]
    public string OwnerMarker => ProcessMarks.OwnerOf(Project, Workspace);

    /// <summary>Whether it is that of an instance of a workspace.</summary>
    public bool IsOf(string workspace, int number) => Workspace == workspace && Number == number;

    /// <summary>Whether this lease covers another one of the same instance.</summary>
    public bool Covers(Lease wanted) =>
        Project == wanted.Project && Stack == wanted.Stack && Disk == wanted.Disk && Identity == wanted.Identity
        && wanted.Footprint.Ports.ToHashSet(StringComparer.Ordinal).IsSubsetOf(Footprint.Ports);
}
