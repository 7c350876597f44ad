using Docker.DotNet;
using InstanceKit.Drivers;
using Xunit;

namespace InstanceKit.Tests.Drivers;

public sealed class EngineEndpointTests
{
    [Theory]
    [InlineData("npipe:////./pipe/docker_engine", "npipe://./pipe/docker_engine")]
    [InlineData("npipe:////./pipe/dockerDesktopLinuxEngine", "npipe://./pipe/dockerdesktoplinuxengine")]
    [InlineData("npipe://./pipe/docker_engine", "npipe://./pipe/docker_engine")]
    [InlineData("unix:///Users/me/.docker/run/docker.sock", "unix:///users/me/.docker/run/docker.sock")]
    [InlineData("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375/")]
    public void Addresses_as_Docker_writes_them_are_taken_by_the_client_library(string text, string address)
    {
        var endpoint = EngineEndpoint.Parse(text)!;

        Assert.Equal(address, endpoint.ToString(), ignoreCase: true);
        using var configuration = new DockerClientConfiguration(endpoint);
        using var client = configuration.CreateClient();
    }

    [Fact]
    public void The_library_itself_does_not_take_Dockers_four_slashes()
    {
        using var configuration = new DockerClientConfiguration(new Uri("npipe:////./pipe/docker_engine"));

        Assert.ThrowsAny<Exception>(() => configuration.CreateClient());
    }

    [Theory]
    [InlineData("ssh://me@host")]
    [InlineData("docker.sock")]
    [InlineData("")]
    public void Others_are_none(string text) => Assert.Null(EngineEndpoint.Parse(text));
}
