using InstanceKit.Engine;
using Xunit;

namespace InstanceKit.Tests.Engine;

public sealed class EngineEndpointTests
{
    [Theory]
    [InlineData("npipe:////./pipe/docker_engine", "npipe://./pipe/docker_engine")]
    [InlineData("npipe:////./pipe/dockerDesktopLinuxEngine", "npipe://./pipe/dockerdesktoplinuxengine")]
    [InlineData("npipe://./pipe/docker_engine", "npipe://./pipe/docker_engine")]
    [InlineData("unix:///Users/me/.docker/run/docker.sock", "unix:///users/me/.docker/run/docker.sock")]
    [InlineData("unix:///tmp/a%20b/docker.sock", "unix:///tmp/a%2520b/docker.sock")]
    [InlineData("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375/")]
    public void Addresses_are_taken_as_Docker_writes_them(string text, string address)
    {
        var endpoint = EngineEndpoint.Parse(text)!;

        Assert.Equal(address, endpoint.ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData("ssh://me@host")]
    [InlineData("docker.sock")]
    [InlineData("")]
    [InlineData("foo")]
    [InlineData("http://x")]
    [InlineData("tcp://")]
    [InlineData("tcp://127.0.0.1:99999")]
    [InlineData("tcp://me:secret@host:2375")]
    [InlineData("tcp://host/path")]
    [InlineData("unix://")]
    [InlineData("unix://relative.sock")]
    [InlineData("fd://")]
    public void Others_are_none(string text) => Assert.Null(EngineEndpoint.Parse(text));

    [Fact]
    public void DOCKER_HOST_counts_before_a_context_and_blanks_around_it_do_not()
    {
        var endpoint = Resolve(("DOCKER_HOST", " tcp://127.0.0.1:4711 "), ("DOCKER_CONTEXT", "nowhere"));

        Assert.Equal("tcp://127.0.0.1:4711", endpoint.Host);
    }

    [Fact]
    public void What_Compose_is_led_to_is_what_is_asked()
    {
        var variables = Resolve(("DOCKER_HOST", "tcp://localhost")).Variables;

        Assert.Equal("tcp://localhost:2375", variables["DOCKER_HOST"]);
        Assert.Equal("default", variables["DOCKER_CONTEXT"]);
        Assert.All(["DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"], name => Assert.Null(variables[name]));
    }

    [Theory]
    [InlineData("DOCKER_HOST", "ssh://me@host")]
    [InlineData("DOCKER_HOST", "foo")]
    [InlineData("DOCKER_CONTEXT", "nowhere")]
    public void A_wrong_setting_is_named_and_is_no_missing_engine(string name, string value)
    {
        var error = Assert.Throws<NoAnswerException>(() => Resolve((name, value)));

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_that_are_missing_are_named()
    {
        var error = Assert.Throws<NoAnswerException>(
            () => Resolve(("DOCKER_HOST", "tcp://localhost"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/nowhere/certificates")));

        Assert.Contains("/nowhere/certificates", error.Message, StringComparison.Ordinal);
    }

    private static EngineEndpoint Resolve(params (string Name, string Value)[] variables) => EngineEndpoint.Resolve(
        name => name == "DOCKER_CONFIG" ? "/nowhere/docker" : variables.FirstOrDefault(v => v.Name == name).Value);
}
