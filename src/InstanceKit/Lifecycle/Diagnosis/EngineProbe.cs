using System.Net.Sockets;
using InstanceKit.Drivers;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Asks the Docker engine what it is.</summary>
internal static class EngineProbe
{
    public static Task<EngineFact> AskAsync(CancellationToken cancellation) => Probe.AskAsync(
        async token =>
        {
            using var docker = new DockerInspector();
            try
            {
                return Describe(await docker.DescribeAsync(token));
            }
            catch (InstanceKitException e) when (IsForbidden(e))
            {
                return new EngineFact(null, e.Message) { IsInstalled = true, IsForbidden = true };
            }
        },
        problem => new EngineFact(null, problem) { IsInstalled = IsInstalled() }, cancellation);

    private static EngineFact Describe(EngineDescription engine) => new(engine.Version, null)
    {
        IsInstalled = true,
        Root = engine.Root,
        FreeStorage = engine.FreeStorage,
        Pools = [.. engine.Pools.Select(p => new AddressPool(p.Range, p.Size))],
        UsedRanges = engine.NetworkRanges,
    };

    private static bool IsForbidden(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException)
                return true;
        }

        return false;
    }

    private static bool IsInstalled()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return ProgramsOnPath.Find("dockerd", path) is not null || ProgramsOnPath.Find("docker", path) is not null;
    }
}
