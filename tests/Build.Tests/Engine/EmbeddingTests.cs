using Xunit;

namespace Build.Tests.Engine;

/// <summary>A build of three lines that has the targets of this one as a component.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private readonly SampleProgram _build = SampleProgram.Embedded();

    [Fact]
    public async Task It_has_the_targets_and_their_options()
    {
        File.WriteAllText(Path.Combine(_build.Root, "docker-compose.yml"), "services: {web: {image: x, ports: ['8080:80']}}");

        var run = await _build.RunAsync("Ports", "--instance", "1", "--workspace", ".", "--infra", "embedded", "--explain", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("\"port\": 8180", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_fails_with_their_exit_codes()
    {
        var run = await _build.RunAsync("Ports", "--instance", "none", "--workspace", ".");

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains("'none'", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _build.Dispose();
}
