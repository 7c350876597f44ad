using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Drivers;

/// <summary>Stops what is to be started again.</summary>
public sealed partial class DockerInspector
{
    /// <summary>Stops a container, which keeps its data; one that has ended or is gone is no error.</summary>
    /// <remarks>The engine kills it after its own grace period, that of the compose file or 10 s.</remarks>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public Task StopAsync(string id, CancellationToken cancellation) => AskAsync(async () =>
    {
        try
        {
            await Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), cancellation);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone meanwhile: what starts it makes it anew.
        }
    });
}
