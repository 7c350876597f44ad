using System.Globalization;
using System.Text;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Files, paths, names and options that nobody should have written.</summary>
public sealed class InputFaults : FaultScenario
{
    private const string ComposeFile = "docker/docker-compose.infra.yml";
    private const string StackFile = "instancekit.yml";
    private const string Pm2Config = "pm2.config.cjs";

    private static string Bomb => string.Concat(Enumerable.Range(0, 10).Select(i =>
        $"x{i}: &x{i} [{string.Join(',', Enumerable.Repeat(i == 0 ? "a" : $"*x{i - 1}", 9))}]\n"));

    [Fault("A compose file has 60,000 brackets", section: 5, Quick = true)]
    public Task A_compose_file_is_nested_without_end() => WithAsync(ComposeFile, new string('[', 60_000), "infra.yml(1,101)", "nested too deeply");

    [Fault("A compose file contains itself", section: 5)]
    public Task A_compose_file_is_cyclic() => WithAsync(ComposeFile, "services: &a [*a]\n", "infra.yml(1,15)", "&a contains itself");

    [Fault("A compose file is an alias bomb", section: 5, Quick = true)]
    public Task A_compose_file_is_a_bomb() => WithAsync(ComposeFile, Bomb, "infra.yml(", "with its aliases expanded");

    [Fault("A compose file is cut off", section: 5)]
    public Task A_compose_file_is_cut() => WithAsync(ComposeFile, "services:\n  redis:\n    image: redis:7\n    po", "infra.yml(4,5)", "Fix the file");

    [Fault("A compose file is not UTF-8", section: 5)]
    public Task A_compose_file_is_Latin1() => WithAsync(ComposeFile, "services:\n  redis:\n    image: café\n", "infra.yml(3,15)", "0xE9 is not UTF-8");

    [Fault("A stack file has 60,000 brackets", section: 5)]
    public Task A_stack_file_is_nested_without_end() => WithAsync(StackFile, new string('[', 60_000), "instancekit.yml(1,101)", "nested too deeply");

    [Fault("A stack file contains itself", section: 5)]
    public Task A_stack_file_is_cyclic() => WithAsync(StackFile, "ports: &a [*a]\n", "instancekit.yml(1,12)", "&a contains itself");

    [Fault("A stack file is an alias bomb", section: 5)]
    public Task A_stack_file_is_a_bomb() => WithAsync(StackFile, Bomb, "instancekit.yml(", "with its aliases expanded");

    [Fault("A stack file is cut off", section: 5)]
    public Task A_stack_file_is_cut() => WithAsync(StackFile, "ports:\n  named: {A: {base: 99", "instancekit.yml(", "docs/stack-file.md");

    [Fault("An env file is not UTF-8", section: 5)]
    public Task An_env_file_is_Latin1() => WithAsync("backend/.env", "GREETING=café\n", "backend/.env", "0xE9", "iconv");

    [Fault("A PM2 config throws terminal escapes", section: 5)]
    public Task A_PM2_config_throws_escapes() =>
        WithConfigAsync("throw new Error('boom \\u001b]0;title\\u0007\\u001b[31m \\u009b31m')", "boom");

    [Fault("An app's name holds terminal escapes", section: 5)]
    public Task An_apps_name_holds_escapes() =>
        WithConfigAsync("module.exports = { apps: [{ name: 'evil\\u001b]0;title\\u0007\\u009b31m', script: 'app.cjs' }] }", "evil", "Give it a name");

    [Fault("Two apps have one name", section: 5)]
    public Task Two_apps_have_one_name() =>
        WithConfigAsync("module.exports = { apps: [{ name: 'web', script: 'a.cjs' }, { name: 'web', script: 'b.cjs' }] }", "2 apps named 'web'");

    [Fault("Apps differ in case only, or have no name", section: 5)]
    public async Task Apps_differ_in_case()
    {
        var run = await OnFilesAsync();
        MoveToOtherLayout(run.Workspace, "module.exports = { apps: [{ name: 'Web', script: 'a.cjs' }, { name: 'web', script: 'b.cjs' }, { script: 'frontend/app.cjs' }] }");

        run.Expect(await run.CallAsync("Info"), 0);
        run.Expect(await run.CallAsync("InitInstance"), 0);
        await run.ConcludeAsync();
    }

    [Fault("Options hold absurd times and numbers", section: 5, Quick = true)]
    public async Task Options_are_absurd()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();

        run.Expect(await run.CallAsync("Wait", "--timeout", "1e300"), 2, "--timeout '1e300'", "from 1s to 24h");
        run.Expect(await run.CallAsync("Wait", "--timeout", "99999999999h"), 2, "--timeout '99999999999h'");
        run.Expect(await run.CallAsync("Logs", "--since", "99999999999h"), 2, "--since '99999999999h'", "10m");
        run.Expect(await run.CallAsync("Logs", "--until", "2090-01-01"), 0);
        run.Expect(await run.CallAsync("Logs", "--until", "99999-01-01"), 2, "--until '99999-01-01'");
        run.Expect(await run.CallAsync("Logs", "--tail", "1e9"), 2, "--tail '1e9'");
        run.Expect(await run.Workspace.RunAsync("Status", "--instance", "99999999999999999999"), 2, "'99999999999999999999'", "Use a number");
        await run.ConcludeAsync();
    }

    [Fault("The record holds numbers out of range", section: 5)]
    public async Task A_record_is_out_of_range()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var record = run.Instance.FileOf("instance.json");
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record)).Replace(
            run.Instance.Port(6379).ToString(CultureInfo.InvariantCulture), "99999999999999999999", StringComparison.Ordinal));

        run.Expect(await run.CallAsync("Status"), 0, "not initialized");
        run.Expect(await run.CallAsync("Ports"), 0);
        run.Expect(await run.CallAsync("InitInstance"), 0);
        await run.ConcludeAsync();
    }

    [Fault("The workspace's path holds every character that a shell or Compose minds", section: 5, Quick = true)]
    public async Task A_path_is_odd()
    {
        var run = await OnFilesAsync();
        run.Workspace.MoveTo("""a $HOME ${x} "q" 's' #x \b %d ;&""");

        run.Expect(await run.CallAsync("InitInstance"), 0);
        var status = await run.CallAsync("Status");
        run.Expect(status, 0, "not running");
        // A shell must read the words that are suggested as they were meant.
        var suggested = status.Output.Split('\n').Single(l => l.Contains("Start it: ", StringComparison.Ordinal)).Split("./build.sh")[1];
        var words = await ProcessRunner.ReadAsync(new ProcessSpec { Program = "bash", Arguments = ["-c", $"printf '%s\\n' {suggested}"] }, "print words");
        Assert.Contains(run.Workspace.Folder, words.Split('\n'));
        await run.ConcludeAsync();
    }

    [Fault("The workspace's path holds a line break", section: 5)]
    public async Task A_path_holds_a_line_break()
    {
        var run = await OnFilesAsync();
        var folder = run.Workspace.Folder;
        run.Workspace.MoveTo("new\nline");

        run.Expect(await run.CallAsync("InitInstance"), 2, "line break", "Rename the directory");
        run.Workspace.MoveTo(Path.GetFileName(folder));
        await run.ConcludeAsync();
    }

    [Fault("An app ends with terminal escapes in its last lines", section: 5)]
    public async Task Last_lines_hold_escapes()
    {
        var run = await WithoutEngineAsync(new TinyStack
        {
            Backend = """require('fs').writeSync(2, 'last words \u001b]0;title\u0007\u001b[2J\u009b31m\u0090payload\n'); process.exit(3);""",
        });

        var up = await run.CallAsync("Up");
        run.Expect(up, 5, "backend", "last words");
        ExpectNoEscapes(up);
        var logs = await run.CallAsync("Logs");
        run.Expect(logs, 0, "last words");
        ExpectNoEscapes(logs);
        run.Workspace.Write("backend/app.cjs", TinyStack.Server);
        await run.ConcludeAsync();
    }

    /// <summary>A file, written as Latin-1, that InitInstance refuses within its limit; what was there before is put back.</summary>
    private async Task WithAsync(string file, string content, params string[] words)
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var path = run.Workspace.PathOf(file);
        var before = File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
        await File.WriteAllTextAsync(path, content, Encoding.Latin1);

        run.Expect(await run.CallAsync("InitInstance"), 2, words);
        await run.Workspace.RunAsync("Status", "--instance", $"{run.Instance.Number}");
        if (before is null)
            File.Delete(path);
        else
            await File.WriteAllBytesAsync(path, before);
        await run.ConcludeAsync();
    }

    /// <summary>A PM2 config, in a workspace whose apps are discovered, that InitInstance refuses.</summary>
    private async Task WithConfigAsync(string config, params string[] words)
    {
        var run = await OnFilesAsync();
        MoveToOtherLayout(run.Workspace, config);

        var refused = await run.CallAsync("InitInstance");
        run.Expect(refused, 2, words);
        ExpectNoEscapes(refused);
        run.Workspace.Write(Pm2Config, "module.exports = { apps: [{ name: 'web', script: 'frontend/app.cjs' }] };\n");
        await run.ConcludeAsync();
    }

    private static void MoveToOtherLayout(TinyWorkspace workspace, string config)
    {
        File.Move(workspace.PathOf(ComposeFile), workspace.PathOf("compose.yaml"));
        workspace.Write(Pm2Config, config);
    }

    private static void ExpectNoEscapes(BuildResult result) =>
        Assert.DoesNotContain(result.Output + result.Errors, c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
}
