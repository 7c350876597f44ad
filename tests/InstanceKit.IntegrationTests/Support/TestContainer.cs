using Docker.DotNet;
using Docker.DotNet.Models;
using InstanceKit.Engine;
using InstanceKit.Logs;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A container of one test, which runs a shell script and is removed with the test.</summary>
public sealed class TestContainer : IAsyncDisposable
{
    private TestContainer(EngineClient engine, string id)
    {
        Engine = engine;
        Id = id;
    }

    /// <summary>The engine.</summary>
    public EngineClient Engine { get; }

    /// <summary>The container's id.</summary>
    public string Id { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a container that runs the script.</summary>
    public static async Task<TestContainer> RunAsync(string script, bool tty = false, string? logDriver = null)
    {
        var (engine, image) = await Requires.DockerAsync();
        var created = await engine.Client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Name = $"instancekit-test-{Guid.NewGuid():N}",
                Image = image,
                Cmd = ["sh", "-c", script],
                Tty = tty,
                Labels = new Dictionary<string, string> { ["instancekit.test"] = "logs" },
                HostConfig = new HostConfig
                {
                    NetworkMode = "none",
                    Init = true,
                    LogConfig = logDriver is null ? null! : new LogConfig { Type = logDriver },
                },
            },
            Cancellation);
        var container = new TestContainer(engine, created.ID);
        await engine.Client.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), Cancellation);
        return container;
    }

    /// <summary>Waits until the script has ended.</summary>
    public Task WaitAsync() => Engine.Client.Containers.WaitContainerAsync(Id, Cancellation);

    /// <summary>Ends the container.</summary>
    public Task KillAsync() =>
        Engine.Client.Containers.KillContainerAsync(Id, new ContainerKillParameters { Signal = "KILL" }, Cancellation);

    /// <summary>Reads the container's log.</summary>
    internal IAsyncEnumerable<LogLine> Read(LogQuery query, CancellationToken cancellation) =>
        new ContainerLogReader(Engine.Client, Id, "postgres").ReadAsync(query, cancellation);

    /// <summary>Removes the container.</summary>
    public async ValueTask DisposeAsync()
    {
        await Engine.Client.Containers.RemoveContainerAsync(Id, new ContainerRemoveParameters { Force = true });
        Engine.Dispose();
    }
}
