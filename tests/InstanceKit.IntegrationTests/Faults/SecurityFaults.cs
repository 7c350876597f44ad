using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Workspaces that must not be trusted.</summary>
public sealed class SecurityFaults : FaultScenario
{
    [Fault("A workspace that was never initialised has a hostile PM2 config", section: 6, Quick = true)]
    public async Task A_hostile_config()
    {
        var run = await OnFilesAsync();
        var folder = Path.Combine(run.Workspace.Root, "strange");
        var trace = Path.Combine(run.Workspace.Root, "trace");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), "services: {cache: {image: 'redis:7', ports: ['6443:6379']}}\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "ecosystem.config.cjs"),
            $"require('fs').appendFileSync('{trace}', 'ran');\nmodule.exports = {{ apps: [{{ name: 'api', script: 'a.cjs', env: {{ PORT: 4037 }} }}] }};\n");
        var variables = new Dictionary<string, string?>
        {
            ["XDG_STATE_HOME"] = run.Workspace.StateHome, ["PM2_HOME"] = run.Workspace.Pm2Home, ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock",
        };
        string[] place = ["--workspace", folder, "--instance", $"{run.Instance.Number}"];

        foreach (var verb in new[] { "Info", "Ports", "Logs" })
            run.Expect(await run.Workspace.Build.RunAsync([verb, .. place], variables), 0, "only InitInstance and Up evaluate it");
        await run.Workspace.Build.RunAsync(["Status", .. place], variables);
        await run.Workspace.Build.RunAsync(["Doctor", "--workspace", folder], variables);
        await run.Workspace.Build.RunAsync(["List"], variables);
        await run.Workspace.Build.RunAsync(["Down", .. place], variables);
        Assert.False(File.Exists(trace), "A command that only looks has run the PM2 config.");

        run.Expect(await run.Workspace.Build.RunAsync(["InitInstance", .. place, "--stack-name", run.Workspace.StackName], variables), 0);
        Assert.True(File.Exists(trace));
        File.Delete(trace);
        run.Expect(await run.Workspace.Build.RunAsync(["Info", .. place, "--stack-name", run.Workspace.StackName], variables), 0, "api");
        Assert.False(File.Exists(trace));
        run.Expect(await run.Workspace.Build.RunAsync(["Clean", .. place, "--stack-name", run.Workspace.StackName], variables), 0);
        await run.ConcludeAsync();
    }
}
