using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>An engine that is there and does not answer, or answers nonsense; addresses that lead nowhere.</summary>
public sealed class SilentEngineFaults : FaultScenario
{
    private const double StatusSeconds = 10;

    [Fault("The engine accepts and never answers", section: 4)]
    public async Task The_engine_accepts_and_never_answers() =>
        await IsNamedAsync(FakeServer.SilentAsync, "does not answer", "Up", "Down", "Restart", "Logs", "Clean");

    [Fault("The engine closes every connection", section: 4)]
    public async Task The_engine_closes_every_connection() => await IsNamedAsync(FakeServer.ClosedAsync, "does not answer", "Down");

    [Fault("A web server answers in place of the engine", section: 4)]
    public async Task A_web_server_answers() =>
        await IsNamedAsync(FakeServer.Saying("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>It works!</html>"), "is not a Docker engine", "Up", "Down");

    [Fault("The engine answers with an empty object", section: 4)]
    public async Task The_engine_answers_with_an_empty_object() =>
        await IsNamedAsync(FakeServer.Saying("HTTP/1.0 200 OK\r\n\r\n{}"), "is not a Docker engine", "Down");

    [Fault("The engine's headers never end", section: 4)]
    public async Task The_headers_never_end() =>
        await IsNamedAsync(FakeServer.Saying("HTTP/1.0 200 OK\r\n" + new string('x', 60_000) + "\r\n", forever: true), "longer than", "Down");

    [Fault("The engine's answer comes in drips that never end", section: 4)]
    public async Task The_answer_comes_in_drips() => await IsNamedAsync(FakeServer.DrippingAsync, "does not answer");

    [Fault("The engine lists containers and hangs when asked for one", section: 4)]
    public async Task The_engine_hangs_at_one_container() => await IsNamedAsync(
        FakeServer.DeafTo(t => t.StartsWith("/containers/", StringComparison.Ordinal) && !t.StartsWith("/containers/json", StringComparison.Ordinal)),
        "does not answer");

    [Fault("Ctrl-C while the engine is silent", section: 4)]
    public async Task Ctrl_C_while_the_engine_is_silent()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        using var engine = new FakeServer(Path.Combine(run.Workspace.Root, "engine.sock"), FakeServer.SilentAsync);
        run.Workspace.Environment["DOCKER_HOST"] = engine.Address;
        await using var waiting = await run.Workspace.StartAsync("Wait", "--instance", $"{run.Instance.Number}");
        await Eventually.HoldsAsync(() => engine.IsAsked, "the engine is asked", 60);

        await waiting.InterruptAsync();

        run.Expect(await waiting.EndAsync(10), 130);
        run.Workspace.Environment.Remove("DOCKER_HOST");
        await run.ConcludeAsync();
    }

    [Fault("DOCKER_HOST of a wrong form", section: 4, Quick = true)]
    public async Task DOCKER_HOST_of_a_wrong_form()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        foreach (var wrong in new[] { "foo", "http://x", "tcp://", "tcp://127.0.0.1:99999", "unix://", "ssh://me@host" })
        {
            run.Workspace.Environment["DOCKER_HOST"] = wrong;
            run.Expect(await run.CallAsync("Up"), 3, wrong, "DOCKER_HOST");
        }

        run.Expect(await run.CallAsync("Status"), 3, "ssh://me@host", "not supported");
        run.Workspace.Environment.Remove("DOCKER_HOST");
        await run.ConcludeAsync();
    }

    [Fault("The Docker context does not exist, or is damaged", section: 4)]
    public async Task The_context_does_not_exist()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var folder = Path.Combine(run.Workspace.Root, "docker-config");
        Directory.CreateDirectory(folder);
        run.Workspace.Environment["DOCKER_HOST"] = null;
        run.Workspace.Environment["DOCKER_CONFIG"] = folder;
        run.Workspace.Environment["DOCKER_CONTEXT"] = "nowhere";
        run.Expect(await run.CallAsync("Up"), 3, "context 'nowhere'", "does not exist", "docker context");

        run.Workspace.Environment["DOCKER_CONTEXT"] = null;
        foreach (var damage in new[] { "{\"currentContext\":", "{\"currentContext\":\"lost\"}" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), damage);
            run.Expect(await run.CallAsync("Up"), 3, Path.Combine(folder, "config.json"));
        }

        run.Workspace.Environment.Clear();
        await run.ConcludeAsync();
    }

    [Fault("The TLS files of the engine are missing", section: 4)]
    public async Task The_TLS_files_are_missing()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var folder = Path.Combine(run.Workspace.Root, "certificates");
        run.Workspace.Environment["DOCKER_HOST"] = "tcp://127.0.0.1:1";
        run.Workspace.Environment["DOCKER_TLS_VERIFY"] = "1";
        run.Workspace.Environment["DOCKER_CERT_PATH"] = folder;

        run.Expect(await run.CallAsync("Up"), 3, folder, "ca.pem");
        run.Workspace.Environment.Clear();
        await run.ConcludeAsync();
    }

    private async Task IsNamedAsync(Func<Stream, CancellationToken, Task> serve, string complaint, params string[] verbs)
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var engine = new FakeServer(Path.Combine(run.Workspace.Root, "engine.sock"), serve);
        run.Workspace.Environment["DOCKER_HOST"] = engine.Address;
        BuildResult status;
        try
        {
            status = await run.CallAsync("Status");
            run.Expect(status, 3, complaint, engine.Path, "backend", "online");
            foreach (var verb in verbs)
            {
                string[] options = verb == "Clean" ? ["--yes"] : [];
                var result = await run.CallAsync(verb, options);
                run.Expect(result, 3, complaint, engine.Path);
                Assert.DoesNotContain("compose.yaml", result.Errors, StringComparison.Ordinal);
            }
        }
        finally
        {
            engine.Dispose();
        }

        run.Workspace.Environment.Remove("DOCKER_HOST");
        await run.ConcludeAsync();
        Assert.True(status.Elapsed.TotalSeconds < StatusSeconds, $"Status took {status.Elapsed.TotalSeconds:0.0} s.");
    }
}
