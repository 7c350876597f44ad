using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Drivers;

/// <summary>Stops what is to be started again.</summary>
public sealed partial class DockerInspector
{
    /// <summary>Stops a container, which keeps its data; one that has ended or is gone is no error.</summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">When it is killed; <see langword="null"/> for its own grace period, that of the compose file or 10 s.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellation) => AskAsync(async limit =>
    {
        try
        {
            await Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = (uint?)grace?.TotalSeconds }, limit);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone meanwhile: what starts it makes it anew.
        }
    }, cancellation);
}
