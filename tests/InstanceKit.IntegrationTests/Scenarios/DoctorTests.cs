using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Doctor looks at this machine, and at machines that lack something.</summary>
public sealed class DoctorTests : Scenario
{
    [Fact]
    public async Task With_an_engine_everything_required_is_there_and_nothing_is_touched()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();

        var result = await workspace.RunJsonAsync(0, "Doctor", instance);

        Assert.All(
            new[] { "dotNetSdk", "node", "npm", "pm2", "engine", "compose", "workspace", "infra", "ports" },
            check => Assert.Equal("ok", (string?)Find(result, check)["state"]));
        var only = Assert.Single(result.Json["instances"]!.AsArray())!;
        Assert.Equal((instance.Number, "compose"), ((int)only["instance"]!, (string?)only["infra"]));
        Assert.Contains(only["ports"]!.AsArray(), p => (int)p!["port"]! == instance.Port(6379) && (string?)p["holder"] == "nobody");
        Assert.False(Directory.Exists(instance.Folder));
    }

    [Fact]
    public async Task A_port_of_somebody_else_is_named_with_its_process_and_one_s_own_are_not()
    {
        var workspace = await CreateWorkspaceAsync();
        var (own, other) = (workspace.TakeInstance(), workspace.TakeInstance());
        await workspace.UpAsync(own);
        using var listener = new TcpListener(IPAddress.Loopback, other.Port(3211));
        listener.Start();

        var ofOwn = await workspace.RunJsonAsync(0, "Doctor", own);
        var ofOther = await workspace.RunJsonAsync(0, "Doctor", other);

        Assert.Equal("ok", (string?)Find(ofOwn, "ports")["state"]);
        Assert.Contains("used by the instance itself", (string?)Find(ofOwn, "ports")["found"], StringComparison.Ordinal);
        Assert.Contains("as measured", (string?)Find(ofOther, "memory")["needed"], StringComparison.Ordinal);
        Assert.Equal("warning", (string?)Find(ofOther, "ports")["state"]);
        Assert.Contains(
            $"{other.Port(3211)} (BACKEND) is already in use by process ", (string?)Find(ofOther, "ports")["found"], StringComparison.Ordinal);
        Assert.Contains($"({Environment.ProcessId})", (string?)Find(ofOther, "ports")["found"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_docker_processes_stand_in_and_the_way_to_get_it_is_shown()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        using var bare = ProgramFolder.Without("docker");
        workspace.Environment["PATH"] = bare.SearchPath;

        var result = await workspace.RunJsonAsync(0, "Doctor", workspace.TakeInstance());

        Assert.Equal(("warning", "warning"), ((string?)Find(result, "engine")["state"], (string?)Find(result, "compose")["state"]));
        Assert.NotNull((string?)Find(result, "compose")["remedy"]);
        Assert.StartsWith("processes (embedded)", (string?)Find(result, "infra")["found"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Node_Doctor_and_Up_end_alike_and_with_the_same_remedy()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("node");
        workspace.Environment["PATH"] = bare.SearchPath;

        var remedy = (string)Find(await workspace.RunJsonAsync(3, "Doctor", instance), "node")["remedy"]!;

        var up = (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(3);
        Assert.Contains(remedy, up.Errors, StringComparison.Ordinal);
        Assert.Equal(up.Errors.IndexOf("Node.js is not installed", StringComparison.Ordinal), up.Errors.LastIndexOf("Node.js is not installed", StringComparison.Ordinal));
        workspace.Environment.Clear();
    }

    [Fact]
    public async Task Outside_of_a_workspace_all_else_is_shown()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());

        var result = (await workspace.Build.RunAsync(["Doctor", "--workspace", Path.Combine(workspace.Root, "nowhere")])).Expect(0);

        Assert.Contains("Node.js", result.Output, StringComparison.Ordinal);
        Assert.Contains("! workspace: ", result.Output, StringComparison.Ordinal);
    }

    private static JsonNode Find(BuildResult result, string check) =>
        result.Json["checks"]!.AsArray().Single(c => (string?)c!["check"] == check)!;
}
