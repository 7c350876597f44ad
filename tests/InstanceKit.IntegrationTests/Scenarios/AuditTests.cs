using BlackBox;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A workspace whose sources address the stack where nothing else does.</summary>
public sealed class AuditTests : Scenario
{
    private const string Unknown = "frontend/vite.config.ts:1 names localhost:3211";

    [Fact]
    public async Task Files_that_git_does_not_track_yet_are_searched_and_of_ignored_ones_those_with_variables()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        foreach (var words in new[] { "init -q", "add -A" })
            await ProcessRunner.ReadAsync(new ProcessSpec { Program = "git", Arguments = words.Split(' '), WorkingDirectory = workspace.Folder }, "prepare the repository", cancellation: Cancellation);
        workspace.Write(".gitignore", "ignored.js\n.dev.vars\n");
        var reader = new SourceReader(workspace.Folder, TimeProvider.System);
        var before = await SearchAsync();

        workspace.Write("backend/new/a.js", "fetch('http://localhost:3211')");
        workspace.Write("backend/ignored.js", "fetch('http://localhost:3211')");
        workspace.Write("backend/.dev.vars", "API_URL=http://localhost:3211\n");

        Assert.Equal(before.Append("backend/.dev.vars").Append("backend/new/a.js").Order(), await SearchAsync());
        File.Delete(workspace.PathOf("backend/new/a.js"));
        File.Delete(workspace.PathOf("backend/.dev.vars"));
        Assert.Equal(before, await SearchAsync());

        async Task<IEnumerable<string>> SearchAsync() => (await reader.ReadAsync([], Cancellation)).Files.Select(f => f.Path).Order();
    }

    [Fact]
    public async Task Defaults_of_sources_are_set_literals_are_reported_and_the_stack_file_answers()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var instance = workspace.TakeInstance();
        workspace.Write("backend/src/config.ts", "export const cache = process.env.CACHE_URL ?? 'redis://localhost:6379/4';\n");
        workspace.Write("backend/src/config.test.ts", "process.env.CACHE_URL ?? 'redis://localhost:6379/5';\n");
        workspace.Write("frontend/vite.config.ts", "export default { server: { proxy: { '/api': { target: 'http://localhost:3211' } } } };\n");

        Assert.Contains(Unknown, (await RunAsync("InitInstance", 0)).Errors, StringComparison.Ordinal);
        Assert.Contains($"CACHE_URL='redis://localhost:{instance.Port(6379)}/4'", (await RunAsync("Env", 0, "--only", "backend")).Output, StringComparison.Ordinal);
        var mentions = (await workspace.RunJsonAsync(5, "Audit", instance)).Json["instances"]![0]!["mentions"]!.AsArray()
            .Select(m => $"{m!["file"]}:{m["line"]} {m["what"]} {m["decision"]} {m["to"]}").ToList();
        Assert.Contains($"backend/src/config.ts:1 localhost:6379 set localhost:{instance.Port(6379)}", mentions);
        Assert.Contains("frontend/vite.config.ts:1 localhost:3211 unknown ", mentions);
        Assert.DoesNotContain(mentions, m => m.Contains("test.ts", StringComparison.Ordinal));

        workspace.Write("instancekit.yml", "literals:\n  accept:\n    - {file: frontend/vite.config.ts, text: 'localhost:3211'}\n");
        Assert.DoesNotContain("names", (await RunAsync("InitInstance", 0)).Errors, StringComparison.Ordinal);
        await RunAsync("Audit", 0);
        Assert.DoesNotContain("not translated", (await workspace.RunAsync("Status", "--instance", $"{instance.Number}")).Output, StringComparison.Ordinal);

        workspace.Write("worker/app.config.js", "module.exports = { api: 'http://localhost:3211' };\n");
        Assert.Contains("worker/app.config.js:1", (await RunAsync("Audit", 5)).Output, StringComparison.Ordinal);
        await RunAsync("InitInstance", 0);
        foreach (var verb in new[] { "Status", "Doctor" })
            Assert.Contains("1 place addresses the stack and is not translated", (await workspace.RunAsync(verb, "--instance", $"{instance.Number}")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await workspace.RunJsonAsync(0, "Status", instance)).Json["instances"]![0]!["untranslated"]!);

        async Task<BuildResult> RunAsync(string verb, int exitCode, params string[] more) =>
            (await workspace.RunAsync([verb, "--instance", $"{instance.Number}", .. more])).Expect(exitCode);
    }
}
