using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Instances on a machine whose engine does not answer: services are processes.</summary>
public sealed class EmbeddedUpTests : Scenario
{
    /// <summary>A database in a container's sense, and as a program of the workspace.</summary>
    private const string Search = """
          search:
            image: example/search:1
            ports: ["9200:9200"]

        """;

    private const string SearchProgram = """
        const fs = require('fs');
        const [, , port, data] = process.argv;
        fs.writeFileSync(`${data}/seen`, port);
        require('http').createServer((request, response) => response.end('found')).listen(Number(port), '127.0.0.1');
        """;

    [Fact]
    public async Task The_sample_runs_keeps_its_data_and_shows_what_is_skipped()
    {
        var workspace = Remember(await StudioWorkspace.CreateEmbeddedAsync());
        var instance = workspace.TakeInstance();

        // The folder is closed to others, as /root is: PostgreSQL's account must pass all the same.
        var up = await workspace.RunAsync("Up", "--instance", $"{instance.Number}");
        up.Expect(0);
        Assert.Contains("Using embedded infrastructure instead; to require containers, pass --infra compose.", up.Errors, StringComparison.Ordinal);
        await workspace.WriteNoteAsync(instance, "kept");
        Assert.Equal("embedded", (string)(await workspace.GetAsync(instance.BackendPort, "/whoami"))["infra"]!);
        Assert.True((bool)(await workspace.GetAsync(instance.BackendPort, "/health"))["checks"]!["kafka"]!["skipped"]!);
        Assert.True(Directory.Exists(Path.Combine(instance.Folder, "data", "minio", "studio-files")), "the bucket of minio-init");

        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
        var status = (await workspace.RunJsonAsync(0, "Status", instance)).Json["instances"]![0]!;
        var components = status["components"]!.AsArray();
        Assert.Equal("skipped: needs Docker or 'redpanda'", Component(components, "redpanda")["reason"]?.ToString());
        Assert.Empty(Component(components, "redpanda")["ports"]!.AsArray());
        Assert.Single(Component(components, "minio")["ports"]!.AsArray());
        var listed = (await workspace.RunAsync("List", "--json")).Expect(0).Json["instances"]![0]!;
        Assert.Equal("running 3 3", $"{listed["state"]} {listed["servicesOnline"]} {listed["appsOnline"]}");

        (await workspace.RunAsync("Down", "--instance", $"{instance.Number}")).Expect(0);
        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0);
        Assert.Contains("kept", await workspace.ReadNotesAsync(instance));
        (await workspace.RunAsync("Logs", "--instance", $"{instance.Number}", "--only", "postgres")).Expect(0);

        (await workspace.RunAsync("Clean", "--instance", $"{instance.Number}")).Expect(0);
        Assert.False(Directory.Exists(instance.Folder));
    }

    [Fact]
    public async Task A_stack_names_its_own_command_and_what_its_apps_can_do_without()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(TinyStack.With(Search));
        var instance = workspace.TakeInstance();
        workspace.Write("backend/.env", "SEARCH_URL=http://localhost:9200\n");
        var run = new[] { "Up", "--instance", $"{instance.Number}", "--infra", "embedded" };

        (await workspace.RunAsync(run)).Expect(3).ExpectError("app backend needs search, which needs Docker", "optional: [search]");
        Assert.Empty(await instance.ProcessesAsync());

        workspace.Write("instancekit.yml", "infra: {optional: [serch]}\n");
        (await workspace.RunAsync(run)).Expect(2).ExpectError("'serch'", "redis, search");

        workspace.Write("instancekit.yml", "infra: {mode: embedded, optional: [search]}\n");
        var up = (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0);
        Assert.Contains("; search skipped: needs Docker.", up.Output, StringComparison.Ordinal);
        var env = (await TinyWorkspace.AskAsync(instance.BackendPort))["env"]!;
        Assert.Equal("embedded search", $"{env["INSTANCEKIT_INFRA"]} {env["INSTANCEKIT_SKIPPED"]}");
        var open = new[] { "Open", "--instance", $"{instance.Number}", "--only" };
        Assert.Single((await workspace.RunAsync([.. open, "redis"])).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        (await workspace.RunAsync([.. open, "redis,search"])).Expect(5).ExpectError("search", "it is skipped because it needs Docker");

        workspace.Write("search.cjs", SearchProgram);
        workspace.Write("instancekit.yml", $$"""
            infra:
              mode: embedded
              commands:
                search: {run: "node {{workspace.PathOf("search.cjs")}} {port} {data}", port: 9200}

            """);
        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0);
        var component = Component((await workspace.RunJsonAsync(0, "Status", instance)).Json["instances"]![0]!["components"]!.AsArray(), "search");
        var port = (int)component["ports"]![0]!["port"]!;
        using var client = new HttpClient();
        Assert.Equal("found", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancellation));
        Assert.Equal($"{port}", await File.ReadAllTextAsync(Path.Combine(instance.Folder, "data", "search", "seen"), Cancellation));
    }

    [Fact]
    public async Task What_a_deleted_workspace_left_running_is_removed_without_an_engine()
    {
        var gone = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var instance = gone.TakeInstance();
        await gone.UpAsync(instance);
        Assert.Equal(4, (await gone.ProcessesAsync()).Count);
        gone.MoveTo("elsewhere");
        Directory.Delete(gone.Folder, recursive: true);
        var other = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        other.StateHome = gone.StateHome;
        other.StackName = gone.StackName; // --orphans is of this stack alone

        (await other.RunAsync("Clean", "--orphans", "--yes")).Expect(0);

        Assert.Empty(await gone.ProcessesAsync());
        Assert.Empty((await other.RunAsync("List", "--json")).Expect(0).Json["instances"]!.AsArray());
    }

    private static JsonNode Component(JsonArray components, string name) => Assert.Single(components, c => (string)c!["name"]! == name)!;
}
