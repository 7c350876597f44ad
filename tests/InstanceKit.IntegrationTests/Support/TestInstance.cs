using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>One instance of a test's workspace, seen from outside: by the specification's names and ports.</summary>
internal sealed record TestInstance(TestWorkspace Workspace, int Number)
{
    private static readonly string[] Apps = ["frontend", "backend", "worker"];

    /// <summary>The Compose project, Temporal namespace and queue.</summary>
    public string Project => $"{Workspace.StackName}-dev-{Number}";

    /// <summary>The folder of its files.</summary>
    public string Folder => Path.Combine(Workspace.Folder, ".instances", $"instance-{Number}");

    /// <summary>A port of the specification's table, by the port of instance 0.</summary>
    public int Port(int basePort) => basePort + (Number * 100);

    /// <summary>Where its backend answers.</summary>
    public int BackendPort => Port(3211);

    /// <summary>Where its frontend answers.</summary>
    public int FrontendPort => Port(5173);

    /// <summary>The PM2 name of an app.</summary>
    public string ProcessName(string app) => $"{Workspace.StackName}-{app}-{Number}";

    /// <summary>The absolute path of one of its files.</summary>
    public string FileOf(string name) => Path.Combine(Folder, name);

    /// <summary>Its containers.</summary>
    public Task<IReadOnlyList<EngineContainer>> ContainersAsync() => TestEngine.ContainersAsync(Project);

    /// <summary>Its apps, as PM2 lists them.</summary>
    public async Task<IReadOnlyList<Pm2Process>> ProcessesAsync() =>
        [.. (await Workspace.ProcessesAsync()).Where(p => Apps.Select(ProcessName).Contains(p.Name))];

    /// <summary>Waits until PM2 says of all three apps that they run, whether they listen or not.</summary>
    public Task AppsRunAsync() => Eventually.HoldsAsync(
        async () => (await ProcessesAsync()).Count(p => p.Status == ProcessState.Online) == Apps.Length, "all apps run", 60);

    /// <summary>The PM2 process of one app; fails the test when there is none.</summary>
    public async Task<Pm2Process> ProcessAsync(string app) =>
        (await ProcessesAsync()).Single(p => p.Name == ProcessName(app));

    /// <summary>What is left of it: containers, volumes, networks and processes, one a line. Nothing on the engine where that is hidden.</summary>
    public async Task<string> RemainsAsync()
    {
        List<string> remains = [.. OwnedProcesses.Find(ProcessMarks.OwnerOf(Project, Workspace.Folder)).Select(p => $"process {p.Pid} {p.Command}")];
        if (Workspace.IsPm2Alive)
            remains.AddRange((await Workspace.ProcessesAsync()).Where(p => p.Name.StartsWith($"{Workspace.StackName}-", StringComparison.Ordinal) && p.Name.EndsWith($"-{Number}", StringComparison.Ordinal)).Select(p => $"app {p.Name}"));
        if (!Workspace.IsEngineHidden)
        {
            remains.AddRange((await ContainersAsync()).Select(c => $"container {c.Name}"));
            remains.AddRange((await TestEngine.VolumesAsync(Project)).Concat(await TestEngine.NetworksAsync(Project)).Select(r => $"volume or network {r.Name}"));
        }

        return string.Join('\n', remains);
    }

    /// <summary>Everything by which a restart would show: container ids and starts, process ids.</summary>
    public async Task<string> FingerprintAsync()
    {
        var containers = (await ContainersAsync()).OrderBy(c => c.Name).Select(c => $"{c.Name} {c.Id} {c.State} {c.StartedAt}");
        var volumes = (await TestEngine.VolumesAsync(Project)).OrderBy(v => v.Name).Select(v => $"{v.Name} {v.Identity}");
        var networks = (await TestEngine.NetworksAsync(Project)).OrderBy(n => n.Name).Select(n => $"{n.Name} {n.Identity}");
        var processes = (await ProcessesAsync()).OrderBy(p => p.Name).Select(p => $"{p.Name} {p.Pid} {p.Restarts} {p.Status}");
        return string.Join('\n', [.. containers, .. volumes, .. networks, .. processes]);
    }
}
