using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Engine;

/// <summary>Stops containers that will be started again.</summary>
public sealed partial class EngineClient
{
    /// <summary>Stops a container, which keeps its data; ignores one that has exited or no longer exists.</summary>
    /// <param name="grace">When it is killed; <see langword="null"/> for its own grace period, that of the compose file or 10 s.</param>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellation) => AskAsync(async limit =>
    {
        try
        {
            await Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = (uint?)grace?.TotalSeconds }, limit);
        }
        catch (DockerContainerNotFoundException)
        {
            // Removed meanwhile: the start creates it again.
        }
    }, cancellation);
}
