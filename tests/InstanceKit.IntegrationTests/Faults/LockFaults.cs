using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Locks whose holder is stopped or never ends, and registries with odd content.</summary>
public sealed class LockFaults : FaultScenario
{
    private const string Registry = "instancekit/leases.json";

    [Fault("The command that holds the instance is stopped", section: 3)]
    public async Task The_command_that_holds_the_instance_is_stopped()
    {
        var run = await WithoutEngineAsync(new TinyStack { Backend = TinyStack.Holding });
        await using var holder = await run.Workspace.StartAsync("Up", "--instance", $"{run.Instance.Number}");
        await run.Instance.AppsRunAsync();
        await SignalAsync("STOP", holder.Pid);

        var down = await run.CallAsync("Down");

        run.Expect(down, 6, $"'Up' (process {holder.Pid}", "stopped", $"kill -CONT {holder.Pid}");
        await SignalAsync("CONT", holder.Pid);
        run.Workspace.LetGo(run.Instance);
        (await holder.EndAsync(60)).Expect(0);
        await run.ConcludeAsync();
    }

    [Fault("A process holds the lock of the registry and never ends", section: 3)]
    public async Task A_process_holds_the_lock_of_the_registry()
    {
        var run = await OnFilesAsync();
        var file = Path.Combine(run.Workspace.StateHome, Registry + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var init = await run.CallAsync("InitInstance");

            run.Expect(init, 6, "waiting for another command", "registry of instances is held");
            Assert.InRange(init.Elapsed.TotalSeconds, 25, 120);
        }

        await run.ConcludeAsync();
    }

    [Fault("The lock of the registry can't be opened", section: 3)]
    public async Task The_lock_of_the_registry_can_not_be_opened()
    {
        var run = await OnFilesAsync();
        var file = Path.Combine(run.Workspace.StateHome, Registry + ".lock");
        Directory.CreateDirectory(file);

        var init = await run.CallAsync("InitInstance");

        run.Expect(init, 3, run.Workspace.StateHome, "can't be used");
        Assert.DoesNotContain("held", init.Errors, StringComparison.Ordinal);
        Directory.Delete(file);
        await run.ConcludeAsync();
    }

    [Fault("The registry holds [null]", section: 3)]
    public Task The_registry_holds_null() => HealsAsync("""{"version":1,"leases":[null]}""");

    [Fault("The registry is blank", section: 3)]
    public Task The_registry_is_blank() => HealsAsync(" \n");

    [Fault("The registry is a list of numbers", section: 3)]
    public Task The_registry_is_a_list_of_numbers() => HealsAsync("[1,2,3]");

    [Fault("A newer version wrote the registry", section: 3)]
    public async Task A_newer_version_wrote_the_registry()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var (file, newer) = (Path.Combine(run.Workspace.StateHome, Registry), """{"version":2,"workspaces":{}}""");
        var before = File.ReadAllText(file);
        File.WriteAllText(file, newer);

        foreach (var verb in new[] { "InitInstance", "Clean" })
            run.Expect(await run.CallAsync(verb), 3, file, "format 2", "XDG_STATE_HOME");

        Assert.Equal(newer, File.ReadAllText(file));
        File.WriteAllText(file, before);
        await run.ConcludeAsync();
    }

    [Fault("The record of another workspace can't be read", section: 3)]
    public async Task The_record_of_another_workspace_can_not_be_read()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var other = Path.Combine(run.Workspace.Root, "other");
        Directory.CreateDirectory(Path.Combine(other, ".instances/instance-7/instance.json"));
        var file = Path.Combine(run.Workspace.StateHome, Registry);
        var before = File.ReadAllText(file);
        var registry = JsonNode.Parse(before)!;
        var lease = registry["leases"]!.AsArray()[0]!.DeepClone();
        (lease["workspace"], lease["project"], lease["stack"], lease["number"]) = (other, "o-dev-7", "o", 7);
        foreach (var part in lease["footprint"]!.AsObject().Select(p => p.Key).ToList())
            lease["footprint"]![part] = new JsonArray(); // nothing that both would have
        registry["leases"]!.AsArray().Add(lease);
        File.WriteAllText(file, registry.ToJsonString());

        run.Expect(await run.Workspace.RunAsync("List"), 0, "o-dev-7");
        run.Expect(await run.CallAsync("Status"), 0);
        run.Expect(await run.CallAsync("InitInstance"), 0);

        File.WriteAllText(file, before);
        await run.ConcludeAsync();
    }

    [Fault("An npm ci was killed and left half of the packages", section: 3)]
    public async Task An_npm_ci_was_killed()
    {
        var run = await WithoutEngineAsync();
        run.Workspace.Write("package.json", """{ "name": "tiny", "version": "1.0.0", "private": true, "devDependencies": { "marker": "file:marker" } }""");
        run.Workspace.Write("package-lock.json", """
            {
              "name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
              "packages": {
                "": { "name": "tiny", "version": "1.0.0", "devDependencies": { "marker": "file:marker" } },
                "marker": { "version": "1.0.0", "dev": true },
                "node_modules/marker": { "resolved": "marker", "link": true }
              }
            }
            """);
        run.Workspace.Write("marker/package.json", """{ "name": "marker", "version": "1.0.0" }""");
        run.Workspace.Write("node_modules/.marker-half/package.json", "{}");

        var up = await run.CallAsync("Up");

        run.Expect(up, 0, "npm ci");
        Assert.True(File.Exists(run.Workspace.PathOf("node_modules/.package-lock.json")), $"npm did not finish.\n{up}");
        Assert.DoesNotContain("npm ci", (await run.CallAsync("Up")).Expect(0).Errors, StringComparison.Ordinal);
        await run.ConcludeAsync();
    }

    private async Task HealsAsync(string content)
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var file = Path.Combine(run.Workspace.StateHome, Registry);
        File.WriteAllText(file, content);

        var listed = await run.Workspace.RunAsync("List");
        var init = await run.CallAsync("InitInstance");

        run.Expect(listed, 0, "damaged");
        run.Expect(init, 0, "damaged", file + ".damaged");
        Assert.Equal(content, File.ReadAllText(file + ".damaged"));
        await run.ConcludeAsync();
    }

    private static Task SignalAsync(string name, int pid) =>
        ProcessRunner.RunAsync(new ProcessSpec { Program = "kill", Arguments = [$"-{name}", $"{pid}"] });
}
