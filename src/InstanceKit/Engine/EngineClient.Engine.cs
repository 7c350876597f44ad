using Docker.DotNet.Models;

namespace InstanceKit.Engine;

/// <summary>The engine's own state, and the resource usage of containers.</summary>
public sealed partial class EngineClient
{
    private static readonly TimeSpan MemoryTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Describes the engine.</summary>
    /// <exception cref="InstanceKitException">It does not answer.</exception>
    public async Task<EngineDescription> DescribeAsync(CancellationToken cancellation)
    {
        var asked = AskAsync(limit => Client.System.GetSystemInfoAsync(limit), AnswerLimit, cancellation);
        var networks = await AskAsync(
            limit => Client.Networks.ListNetworksAsync(new NetworksListParameters(), limit), AnswerLimit, cancellation);
        var info = await asked;
        return new EngineDescription
        {
            Version = info.ServerVersion,
            Root = info.DockerRootDir,
            FreeStorage = _endpoint.Address.Scheme == "unix" ? FreeIn(info.DockerRootDir) : null,
            Pools = [.. (info.DefaultAddressPools ?? []).Select(p => (p.Base, (int)p.Size))],
            NetworkRanges = [.. networks.SelectMany(n => n.IPAM?.Config ?? []).Select(c => c.Subnet).OfType<string>()],
        };
    }

    /// <summary>The memory of the running containers of a project, in bytes, without what the kernel can reclaim.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<long> MeasureMemoryAsync(string project, CancellationToken cancellation)
    {
        var measured = await MeasureAsync(await ListAsync(project, cancellation), MemoryTimeout, cancellation);
        return measured.Sum(c => c.Use?.Memory ?? 0);
    }

    private static long? FreeIn(string folder)
    {
        try
        {
            // The directory may be inside a virtual machine.
            return Directory.Exists(folder) ? new DriveInfo(folder).AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Information about an engine.</summary>
public sealed record EngineDescription
{
    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The folder of its data, on the engine's machine.</summary>
    public required string Root { get; init; }

    /// <summary>Free bytes in that directory; <see langword="null"/> when it is not on this machine.</summary>
    public required long? FreeStorage { get; init; }

    /// <summary>The address pools for new networks, with the prefix length of a network; empty for its defaults.</summary>
    public required IReadOnlyList<(string Range, int Size)> Pools { get; init; }

    /// <summary>The ranges of its networks, in CIDR form.</summary>
    public required IReadOnlyList<string> NetworkRanges { get; init; }
}
