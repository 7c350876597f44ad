using System.Text.Json;
using BlackBox;
using Xunit;

namespace Build.Tests.Schemas;

/// <summary>What the program prints with <c>--json</c> where neither Docker nor PM2 can be reached; <see cref="BuildResult"/> looks at the schema.</summary>
public sealed class ProgramDocumentTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("ik-").FullName;

    public ProgramDocumentTests()
    {
        Directory.CreateDirectory(Path.Combine(_workspace, "docker"));
        File.WriteAllText(Path.Combine(_workspace, "docker", "docker-compose.infra.yml"), "services: {cache: {image: redis, ports: ['6379:6379']}}\n");
        foreach (var app in new[] { "frontend", "backend", "worker" })
        {
            Directory.CreateDirectory(Path.Combine(_workspace, app));
            File.WriteAllText(Path.Combine(_workspace, app, ".env"), "");
        }
    }

    [Theory]
    [InlineData("info", "Info", "--instance", "1,2")]
    [InlineData("ports", "Ports", "--instance", "1,2")]
    [InlineData("ports", "Ports", "--instance", "1", "--explain")]
    [InlineData("audit", "Audit", "--instance", "1,2")]
    [InlineData("project-name", "ProjectName", "--instance", "1")]
    [InlineData("env", "Env", "--instance", "1")]
    [InlineData("open", "Open", "--instance", "1")]
    [InlineData("use-instance", "UseInstance", "--instance", "1")]
    [InlineData("init-stack", "InitStack", "--dry-run")]
    [InlineData("list", "List")]
    [InlineData("doctor", "Doctor", "--instance", "1")]
    [InlineData("operation", "Up", "--instance", "1", "--dry-run")]
    [InlineData("orphans", "Clean", "--orphans", "--dry-run")]
    [InlineData("error", "Exec", "--only", "cache")]
    public async Task It_is_as_the_schema_of_the_target_wants_it(string schema, params string[] words)
    {
        var result = await new BuildProgram(_workspace).RunAsync(
            [.. words, "--workspace", _workspace, "--json"],
            new Dictionary<string, string?>
            {
                ["DOCKER_HOST"] = "unix:///nowhere/docker.sock",
                ["PM2_HOME"] = Path.Combine(_workspace, "pm2"),
                ["XDG_STATE_HOME"] = Path.Combine(_workspace, "state"),
            });

        Assert.Equal(schema, DocumentSchemas.NameFor(result.Command, JsonElement.Parse(result.Json.ToJsonString())));
    }

    public void Dispose() => Directory.Delete(_workspace, recursive: true);
}
