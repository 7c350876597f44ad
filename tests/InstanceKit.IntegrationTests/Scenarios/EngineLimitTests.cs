using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The compose file asks for more than the engine can give; and an app opens more than it should.</summary>
public sealed class EngineLimitTests : Scenario
{
    private const string Search = """
          search:
            image: $TOOLS_IMAGE
            init: true
            command: sleep infinity
            ulimits: { nofile: { soft: 1024, hard: 1000000000000 } }
        """;

    [Fact]
    public async Task A_refused_ulimit_is_told_in_the_engine_s_words_with_a_remedy_that_works()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Search));
        var instance = workspace.TakeInstance();

        var error = (await workspace.RunJsonAsync(1, "Up", instance)).ErrorOf(instance);

        Assert.Contains("error setting rlimit", error, StringComparison.Ordinal);
        Assert.Contains("'nofile' of service search", error, StringComparison.Ordinal);

        var file = instance.FileOf("docker-compose.override.yml");
        var edited = File.ReadAllText(file).Replace("\n  search:\n", "\n  search:\n    ulimits: !reset null\n", StringComparison.Ordinal);
        Assert.Contains("!reset null", edited[edited.IndexOf("\n  search:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        File.WriteAllText(file, edited);

        await workspace.UpAsync(instance);
    }

    [Fact]
    public async Task An_app_that_listens_on_all_interfaces_is_noted_and_others_are_not()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack
        {
            Frontend = TinyStack.Server.Replace("'127.0.0.1'", "'0.0.0.0'", StringComparison.Ordinal),
        });
        var instance = workspace.TakeInstance();

        var notes = (await workspace.RunJsonAsync(0, "Up", instance)).NotesOf(instance);

        Assert.Contains($"App frontend listens on all interfaces (0.0.0.0:{instance.FrontendPort})", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("App backend", notes, StringComparison.Ordinal);
    }
}
