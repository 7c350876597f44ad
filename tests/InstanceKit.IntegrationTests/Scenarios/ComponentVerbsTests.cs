using System.Diagnostics;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Wait, Exec, Restart, Env and Open on one running instance, and then on what does not run.</summary>
public sealed class ComponentVerbsTests : Scenario
{
    [Fact]
    public async Task An_instance_is_waited_for_entered_restarted_and_told_of()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var number = $"{instance.Number}";
        await NothingRunsYetAsync(workspace, number);
        await workspace.UpAsync(instance);

        var wait = await workspace.RunJsonAsync(0, "Wait", instance, "--timeout", "30s");
        Assert.True((bool)wait.Of(instance)["status"]!["ready"]!);
        await CommandsRunAsync(workspace, instance);
        await VariablesComeThroughAsync(workspace, instance);
        await EndpointsAreToldAsync(workspace, instance);
        await AppRestartsAsync(workspace, instance);
        await ServiceRestartsAsync(workspace, instance);
        await WhatEndsIsNamedAsync(workspace, instance);
    }

    [Fact]
    public async Task Wait_ends_when_Up_is_done_and_when_it_has_failed()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var instance = workspace.TakeInstance();
        await using var up = await workspace.StartAsync("Up", "--instance", $"{instance.Number}");
        await instance.AppsRunAsync();
        (await workspace.RunAsync("Wait", "--instance", $"{instance.Number}", "--timeout", "1s"))
            .Expect(5).ExpectError("timed out after 1 s", "app backend: does not listen", "waiting for the word");
        (await workspace.RunAsync("Wait", "--instance", $"{instance.Number}", "--only", "redis")).Expect(0);

        await using var wait = await workspace.StartAsync("Wait", "--instance", $"{instance.Number}");
        workspace.LetGo(instance);

        (await wait.EndAsync(BuildProgram.DefaultSeconds)).Expect(0);
        (await up.EndAsync(BuildProgram.DefaultSeconds)).Expect(0);
    }

    [Fact]
    public async Task Services_that_are_processes_are_entered_and_restarted_too()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        var before = await RedisAsync(workspace, instance);

        (await ExecAsync(workspace, instance, "redis", "sh", "-c", "test \"$REDIS_PORT\" = \"$0\"", $"{instance.Port(6379)}")).Expect(0);
        (await ExecAsync(workspace, instance, "redis", "no-such-program")).Expect(127).ExpectError("'no-such-program'", "sh -c");
        Assert.Equal(
            ["restartService redis: requested"], (await workspace.RunJsonAsync(0, "Restart", instance, "--only", "redis")).OperationsOf(instance));

        Assert.NotEqual(before, await RedisAsync(workspace, instance));
        (await workspace.RunAsync("Wait", "--instance", $"{instance.Number}")).Expect(0);
    }

    /// <summary>Whether <c>script</c> is there, which gives a program a terminal.</summary>
    private static bool HasTerminals => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    private static async Task NothingRunsYetAsync(TinyWorkspace workspace, string number)
    {
        foreach (var words in new string[][] { ["Wait"], ["Restart"], ["Exec", "--only", "backend", "--", "true"], ["Env", "--only", "backend"] })
        {
            (await workspace.RunAsync([words[0], "--instance", number, .. words.Skip(1)]))
                .Expect(5).ExpectError($"Instance {number}", $"Up --instance {number}");
        }
    }

    private static async Task CommandsRunAsync(TinyWorkspace workspace, TestInstance instance)
    {
        Assert.Equal("PONG\n", (await ExecAsync(workspace, instance, "redis", "redis-cli", "ping")).Expect(0).Output);
        (await ExecAsync(workspace, instance, "redis", "sh", "-c", "exit 42")).Expect(42);
        (await ExecAsync(workspace, instance, "backend", "sh", "-c", "exit 43")).Expect(43);

        var said = await ExecAsync(workspace, instance, "backend", "sh", "-c", "pwd; echo $GREETING $PORT $INSTANCEKIT_OWNER; echo \"$@\"", "x", "--help", "a  b");
        Assert.Equal($"{workspace.PathOf("backend")}\nhello {instance.BackendPort}\n--help a  b\n", said.Expect(0).Output);

        var plan = await workspace.RunAsync("Exec", "--instance", $"{instance.Number}", "--only", "redis", "--dry-run", "--", "rm", "-rf", "/data");
        Assert.StartsWith("docker exec --interactive ", plan.Expect(0).Output, StringComparison.Ordinal);

        string[] cat = ["Exec", "--instance", $"{instance.Number}", "--only", "redis", "--", "cat"];
        Assert.Equal("what it reads\n", (await workspace.RunAsync(cat, input: "what it reads\n")).Expect(0).Output);
        if (HasTerminals)
        {
            string[] tty = [.. cat.SkipLast(1), "tty"];
            Assert.Contains("/dev/pts/", (await workspace.RunAsync(tty, inTerminal: true)).Expect(0).Output, StringComparison.Ordinal);
            (await workspace.RunAsync(tty)).Expect(1);
        }
    }

    private static async Task VariablesComeThroughAsync(TinyWorkspace workspace, TestInstance instance)
    {
        workspace.Write($".instances/instance-{instance.Number}/backend.env", "GREETING=\"it's $HOME\"\nTWO=\"a\nb\"\n");
        var lines = (await workspace.RunAsync("Env", "--instance", $"{instance.Number}", "--only", "backend")).Expect(0).Output;
        Assert.Equal($"it's $HOME|a\nb|{instance.BackendPort}", await EvaluateAsync(lines, "printf %s \"$GREETING|$TWO|$PORT\""));
        lines = (await workspace.RunAsync("Env", "--instance", $"{instance.Number}")).Expect(0).Output;
        Assert.Equal(
            $"{instance.Number} {instance.Project} {instance.Port(6379)}",
            await EvaluateAsync(lines, "printf %s \"$SHIPSEC_INSTANCE $COMPOSE_PROJECT_NAME $REDIS_PORT\""));
        var json = (await workspace.RunJsonAsync(0, "Env", instance, "--only", "redis")).Of(instance);
        Assert.Equal($"redis://localhost:{instance.Port(6379)}", (string)json["variables"]!["REDIS_URL"]!);
    }

    private static async Task EndpointsAreToldAsync(TinyWorkspace workspace, TestInstance instance)
    {
        // No terminal reads it: a browser that is there all the same is not called.
        var opener = Path.Combine(workspace.Root, "bin", "xdg-open");
        var note = Path.Combine(workspace.Root, "opened");
        Directory.CreateDirectory(Path.GetDirectoryName(opener)!);
        await File.WriteAllTextAsync(opener, $"#!/bin/sh\necho \"$@\" >> '{note}.tmp' && mv '{note}.tmp' '{note}'\n", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        workspace.Environment["PATH"] = $"{Path.GetDirectoryName(opener)}:{Environment.GetEnvironmentVariable("PATH")}";
        var output = (await workspace.RunAsync("Open", "--instance", $"{instance.Number}")).Expect(0).Output;
        Assert.StartsWith($"http://localhost:{instance.FrontendPort}\nhttp://localhost:{instance.BackendPort}\n", output, StringComparison.Ordinal);
        Assert.False(File.Exists(note));

        if (!HasTerminals)
            return;
        (await workspace.RunAsync(["Open", "--instance", $"{instance.Number}", "--only", "backend"], inTerminal: true)).Expect(0);
        await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(note)), "the browser is called", 30);
        Assert.Equal($"http://localhost:{instance.BackendPort}\n", await File.ReadAllTextAsync(note, Cancellation));
        workspace.Environment.Remove("PATH");
    }

    private static async Task AppRestartsAsync(TinyWorkspace workspace, TestInstance instance)
    {
        workspace.Write($".instances/instance-{instance.Number}/backend.env", "GREETING=anew\n");
        var others = await OthersAsync(instance);
        var before = await instance.ProcessAsync("backend");

        var planned = await workspace.RunJsonAsync(0, "Restart", instance, "--only", "backend", "--dry-run");
        Assert.Equal([$"restartApp {instance.ProcessName("backend")}: requested"], planned.OperationsOf(instance));
        Assert.Equal(before.Pid, (await instance.ProcessAsync("backend")).Pid);

        Assert.Equal("done", (await workspace.RunJsonAsync(0, "Restart", instance, "--only", "backend")).OutcomeOf(instance));

        Assert.Equal("anew", (string)(await TinyWorkspace.AskAsync(instance.BackendPort))["env"]!["GREETING"]!);
        Assert.NotEqual(before.Pid, (await instance.ProcessAsync("backend")).Pid);
        Assert.Equal(others, await OthersAsync(instance));
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
    }

    private static async Task ServiceRestartsAsync(TinyWorkspace workspace, TestInstance instance)
    {
        (await ExecAsync(workspace, instance, "redis", "redis-cli", "set", "kept", "yes")).Expect(0);
        (await ExecAsync(workspace, instance, "redis", "redis-cli", "save")).Expect(0);
        var before = (await instance.ContainersAsync()).Single();
        var pids = (await instance.ProcessesAsync()).Select(p => p.Pid).ToHashSet();

        var restart = await workspace.RunJsonAsync(0, "Restart", instance);

        Assert.Equal(4, restart.OperationsOf(instance).Count);
        Assert.Equal("yes\n", (await ExecAsync(workspace, instance, "redis", "redis-cli", "get", "kept")).Expect(0).Output);
        var after = (await instance.ContainersAsync()).Single();
        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(before.StartedAt, after.StartedAt);
        Assert.DoesNotContain(await instance.ProcessesAsync(), p => pids.Contains(p.Pid));
    }

    private static async Task WhatEndsIsNamedAsync(TinyWorkspace workspace, TestInstance instance)
    {
        await workspace.RunPm2Async("stop", instance.ProcessName("worker"));
        (await workspace.RunAsync("Wait", "--instance", $"{instance.Number}", "--only", "backend,redis")).Expect(0);
        (await workspace.RunAsync("Wait", "--instance", $"{instance.Number}", "--timeout", "1s"))
            .Expect(5).ExpectError("app worker: stopped", "Logs --instance");
        (await ExecAsync(workspace, instance, "redsi", "true")).Expect(2).ExpectError("'redsi'", "Did you mean redis?");
    }

    private static Task<BuildResult> ExecAsync(TestWorkspace workspace, TestInstance instance, string name, params string[] command) =>
        workspace.RunAsync(["Exec", "--instance", $"{instance.Number}", "--only", name, "--", .. command]);

    private static async Task<string> OthersAsync(TestInstance instance) => string.Join('\n', (await instance.FingerprintAsync())
        .Split('\n').Where(line => !line.StartsWith(instance.ProcessName("backend"), StringComparison.Ordinal)));

    private static async Task<int?> RedisAsync(TinyWorkspace workspace, TestInstance instance) =>
        (await workspace.ProcessesAsync()).Single(p => p.Name == instance.ProcessName("infra-redis")).Pid;

    /// <summary>What a shell prints that has evaluated the lines.</summary>
    private static async Task<string> EvaluateAsync(string lines, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"eval \"$0\"; {command}", lines]) { RedirectStandardOutput = true })!;
        return await shell.StandardOutput.ReadToEndAsync(Cancellation);
    }
}
