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
            var engine = await docker.DescribeAsync(token);
            return new EngineFact(engine.Version, null)
            {
                IsInstalled = true,
                Root = engine.Root,
                FreeStorage = engine.FreeStorage,
                Pools = [.. engine.Pools.Select(p => new AddressPool(p.Range, p.Size))],
                UsedRanges = engine.NetworkRanges,
            };
        },
        problem => new EngineFact(null, problem) { IsInstalled = IsInstalled() }, cancellation);

    private static bool IsInstalled()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return ProgramsOnPath.Find("dockerd", path) is not null || ProgramsOnPath.Find("docker", path) is not null;
    }
}
