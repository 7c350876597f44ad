using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Several checkouts of one stack on one machine, which know each other only by the registry and the engine.</summary>
[Collection(Newcomer.LowNumbers.Name)]
public sealed class CheckoutsTests : Scenario
{
    [Fact]
    public async Task Worktrees_that_leave_the_number_to_the_tool_get_three_and_are_listed_with_their_branches()
    {
        var first = await CreateWorkspaceAsync();
        await GitAsync(first, "init", "--quiet", "--initial-branch", "one");
        await GitAsync(first, "add", "--all");
        await GitAsync(first, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "all");
        var second = await WorktreeAsync(first, "two");
        var third = await WorktreeAsync(first, "three");

        var numbers = new List<int>();
        foreach (var (checkout, verb) in new[] { (first, "Up"), (second, "Up"), (third, "InitInstance") })
        {
            var result = (await checkout.RunAsync(verb, "--instance", "auto", "--json")).Expect(0);
            var instance = checkout.Adopt((int)result.Json["instances"]![0]!["instance"]!);
            Assert.Contains($"Instance {instance.Number} is assigned to this checkout.", result.NotesOf(instance), StringComparison.Ordinal);
            numbers.Add(instance.Number);
        }

        Assert.Equal(3, numbers.Distinct().Count());
        Assert.Equal(numbers.Order(), numbers);
        // Remembered: the same again, and also without the option.
        Assert.Equal("unchanged", (await second.RunAsync("Up", "--instance", "auto", "--json")).OutcomeOf(second.Instances[0]));
        Assert.Equal($"{third.StackName}-dev-{numbers[2]}\n", (await third.RunAsync("ProjectName")).Expect(0).Output);

        var listed = await ListAsync(second);
        Assert.Equal(
            [
                $"{numbers[0]} {first.Folder} one running 1/1 3 true", $"{numbers[1]} {second.Folder} two running 1/1 3 true",
                $"{numbers[2]} {third.Folder} three filesOnly 0/0 0 true",
            ],
            listed.Select(i => $"{i["instance"]} {i["workspace"]} {i["branch"]} {i["state"]} {i["runningContainers"]}/{i["containers"]} {i["appsOnline"]} {i["auto"]}"));
    }

    [Fact]
    public async Task A_second_checkout_is_refused_also_after_the_registry_was_lost_or_damaged()
    {
        var first = await CreateWorkspaceAsync();
        var second = await SiblingAsync(first);
        var instance = first.TakeInstance();
        await first.UpAsync(instance);
        string[] init = ["InitInstance", "--instance", $"{instance.Number}"];

        await RefusedAsync();
        Directory.Delete(first.StateHome, recursive: true);
        await RefusedAsync();
        Assert.Contains(await ListAsync(second), i => (string)i["workspace"]! == first.Folder && (string)i["state"]! == "running");

        var registry = Path.Combine(first.StateHome, "instancekit", "leases.json");
        await File.WriteAllTextAsync(registry, "{ not json", Cancellation);
        var refused = await RefusedAsync();
        refused.ExpectError("damaged");
        Assert.Equal("{ not json", await File.ReadAllTextAsync(registry + ".damaged", Cancellation));

        // Another stack meets it on ports; and what is not its own is not taken down.
        (await second.RunAsync([.. init, "--stack-name", $"{first.StackName}x"])).Expect(2);
        (await second.RunAsync("Clean", "--instance", $"{instance.Number}")).Expect(2).ExpectError(first.Folder);

        await first.RunJsonAsync(0, "Clean", instance);
        (await second.RunAsync(init)).Expect(0);
        (await second.RunAsync("Clean", "--instance", $"{instance.Number}")).Expect(0);

        async Task<BuildResult> RefusedAsync()
        {
            var result = (await second.RunAsync(init)).Expect(2);
            result.ExpectError($"in use by another checkout: it belongs to {first.Folder}", "The lowest free number is", "--instance auto");
            Assert.False(Directory.Exists(second.PathOf($".instances/instance-{instance.Number}")));
            return result;
        }
    }

    [Fact]
    public async Task Two_that_begin_at_the_same_moment_get_two_numbers()
    {
        var first = await CreateWorkspaceAsync();
        var second = await SiblingAsync(first);

        var both = await Task.WhenAll(
            first.RunAsync("InitInstance", "--instance", "auto", "--json"), second.RunAsync("InitInstance", "--instance", "auto", "--json"));

        var numbers = both.Select(r => (int)r.Expect(0).Json["instances"]![0]!["instance"]!).ToList();
        first.Adopt(numbers[0]);
        second.Adopt(numbers[1]);
        Assert.NotEqual(numbers[0], numbers[1]);
    }

    [Fact]
    public async Task A_workspace_that_was_moved_takes_its_instance_and_data_along_and_a_copy_does_not()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        var container = (await instance.ContainersAsync()).Single().Id;
        await TestEngine.RunAsync("exec", container, "redis-cli", "set", "kept", "yes");
        await TestEngine.RunAsync("exec", container, "redis-cli", "save");
        var old = workspace.Folder;

        var copy = Path.Combine(workspace.Root, "copy");
        await ProcessRunner.ReadAsync(new ProcessSpec { Program = "cp", Arguments = ["-r", old, copy] }, "copy the workspace", cancellation: Cancellation);
        (await workspace.Build.RunAsync(
            ["Up", "--instance", $"{instance.Number}", "--workspace", copy, "--stack-name", workspace.StackName],
            new Dictionary<string, string?> { ["XDG_STATE_HOME"] = workspace.StateHome, ["PM2_HOME"] = workspace.Pm2Home }))
            .Expect(2).ExpectError($"it belongs to {old}");
        Directory.Delete(copy, recursive: true);

        workspace.MoveTo("elsewhere");
        Assert.Contains(await ListAsync(workspace), i => (string)i["workspace"]! == workspace.Folder && !(bool)i["orphaned"]!);
        var up = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Contains($"This workspace was moved from {old}", up.NotesOf(instance), StringComparison.Ordinal);
        container = (await instance.ContainersAsync()).Single().Id;
        Assert.Equal("yes", (await TestEngine.RunAsync("exec", container, "redis-cli", "get", "kept")).Trim());
        Assert.All(await instance.ProcessesAsync(), p => Assert.StartsWith(workspace.Folder, p.Cwd, StringComparison.Ordinal));
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
    }

    [Fact]
    public async Task What_a_removed_workspace_left_is_listed_and_removed_and_nothing_else()
    {
        var removed = await CreateWorkspaceAsync();
        var other = await SiblingAsync(removed);
        var (orphan, neighbour) = (removed.TakeInstance(), other.TakeInstance());
        await removed.UpAsync(orphan);
        await other.UpAsync(neighbour);
        var before = await neighbour.FingerprintAsync();
        Directory.Delete(removed.Folder, recursive: true);

        var entry = Assert.Single(await ListAsync(other), i => (bool)i["orphaned"]!);
        Assert.Equal((removed.Folder, "its workspace no longer exists"), ((string)entry["workspace"]!, (string)entry["remark"]!));
        (await other.RunAsync("InitInstance", "--instance", $"{orphan.Number}")).Expect(2).ExpectError("no longer exists", "Clean --orphans --dry-run");
        (await other.RunAsync("Clean", "--orphans", "--instance", "1")).Expect(2).ExpectError("--orphans");
        var planned = (await other.RunAsync("Clean", "--orphans", "--dry-run", "--json")).Expect(0);
        Assert.Equal("planned", (string)planned.Json["orphans"]![0]!["report"]!["outcome"]!);
        Assert.NotEmpty(await orphan.ContainersAsync());

        var refused = (await other.RunAsync("Clean", "--orphans")).Expect(2);
        refused.ExpectError("--yes", $"remove volume {orphan.Project}_redis_data: 0 MiB of data", $"remove container {orphan.Project}-redis-1");
        Assert.NotEmpty(await orphan.ContainersAsync());
        var cleaned = (await other.RunAsync("Clean", "--orphans", "--yes")).Expect(0);

        Assert.Contains($"instance {orphan.Number} ({orphan.Project}) of {removed.Folder}", cleaned.Output, StringComparison.Ordinal);
        Assert.Empty(await orphan.ContainersAsync());
        Assert.Empty(await TestEngine.VolumesAsync(orphan.Project));
        Assert.Empty(await TestEngine.NetworksAsync(orphan.Project));
        Assert.Empty(await orphan.ProcessesAsync());
        Assert.DoesNotContain(await ListAsync(other), i => (bool)i["orphaned"]!);
        Assert.Equal(before, await neighbour.FingerprintAsync());
        Assert.Contains("No instance", (await other.RunAsync("Clean", "--orphans")).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>Another workspace of the same stack, with the same registry.</summary>
    private async Task<TinyWorkspace> SiblingAsync(TinyWorkspace workspace)
    {
        var sibling = await CreateWorkspaceAsync();
        sibling.StackName = workspace.StackName;
        sibling.StateHome = workspace.StateHome;
        return sibling;
    }

    private async Task<TinyWorkspace> WorktreeAsync(TinyWorkspace workspace, string branch)
    {
        var sibling = await SiblingAsync(workspace);
        Directory.Delete(sibling.Folder, recursive: true);
        await GitAsync(workspace, "worktree", "add", "--quiet", "-b", branch, sibling.Folder);
        return sibling;
    }

    private static Task GitAsync(TestWorkspace workspace, params string[] arguments) => ProcessRunner.ReadAsync(
        new ProcessSpec { Program = "git", Arguments = arguments, WorkingDirectory = workspace.Folder }, "prepare a repository");

    /// <summary>The stack's instances, as <c>List</c> shows them.</summary>
    private static async Task<IReadOnlyList<JsonNode>> ListAsync(TestWorkspace workspace) =>
        [.. (await workspace.RunAsync("List", "--json")).Expect(0).Json["instances"]!.AsArray()
            .Where(i => ((string)i!["project"]!).StartsWith(workspace.StackName + "-", StringComparison.Ordinal)).Select(i => i!)];
}
