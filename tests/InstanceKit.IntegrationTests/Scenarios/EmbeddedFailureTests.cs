using System.Net;
using System.Net.Sockets;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Something goes wrong with services that are processes: the error is clear, and the next Up heals.</summary>
public sealed class EmbeddedFailureTests : Scenario
{
    private const string Stack = """
        services:
          postgres:
            image: postgres:16
            environment: {POSTGRES_USER: dev, POSTGRES_PASSWORD: dev}
            ports: ["5433:5432"]

        """;

    [Fact]
    public async Task A_taken_port_a_killed_Up_and_a_killed_server_are_healed_by_the_next_Up()
    {
        var workspace = await CreateOpenWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using (var listener = new TcpListener(IPAddress.Loopback, instance.Port(5433)))
        {
            listener.Start();
            (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(4)
                .ExpectError($"port {instance.Port(5433)}", $"({Environment.ProcessId})");
        }

        await using (var killed = await workspace.StartAsync("Up", "--instance", $"{instance.Number}"))
        {
            Assert.NotNull(await killed.Errors.FindAsync(l => l.Contains("postgres: starting", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
            await Eventually.HoldsAsync(() => Task.FromResult(Directory.Exists(ClusterOf(instance))), "the data is being made", 60);
            await killed.KillAsync();
        }

        await workspace.UpAsync(instance);
        var server = Assert.Single(await workspace.ProcessesAsync(), p => p.Name == $"{workspace.StackName}-infra-postgres-{instance.Number}");
        var postmaster = int.Parse((await File.ReadAllLinesAsync(Path.Combine(ClusterOf(instance), "postmaster.pid"), Cancellation))[0]);
        await ProcessRunner.RunAsync(new ProcessSpec { Program = "kill", Arguments = ["-KILL", $"{server.Pid}", $"{postmaster}"] }, cancellation: Cancellation);

        await workspace.UpAsync(instance);
        Assert.NotEmpty(OwnedProcesses.Find(ProcessMarks.OwnerOf(instance.Project, workspace.Folder)));
        Assert.True((bool)(await workspace.RunJsonAsync(0, "Status", instance)).Json["instances"]![0]!["ready"]!);
    }

    [Fact]
    public async Task A_full_disk_is_told_in_the_servers_words()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can make a small file system.");
        var workspace = await CreateOpenWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var data = Path.Combine(instance.Folder, "data");
        (await workspace.RunAsync("InitInstance", "--instance", $"{instance.Number}")).Expect(0);
        Directory.CreateDirectory(data);
        var mounted = await ProcessRunner.RunAsync(
            new ProcessSpec { Program = "mount", Arguments = ["-t", "tmpfs", "-o", "size=8m", "tmpfs", data] }, cancellation: Cancellation);
        Assert.SkipUnless(mounted.Succeeded, $"No file system can be mounted here: {mounted.StandardError}");
        try
        {
            (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(5).ExpectError("service postgres", "No space left on device");
            await workspace.RunJsonAsync(0, "Down", instance);
        }
        finally
        {
            await ProcessRunner.RunAsync(new ProcessSpec { Program = "umount", Arguments = ["-l", data] }, cancellation: CancellationToken.None);
        }

        await workspace.UpAsync(instance);
    }

    /// <summary>One that PostgreSQL's own account may enter, so that its data stays in the workspace.</summary>
    private async Task<TinyWorkspace> CreateOpenWorkspaceAsync()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack { Compose = Stack });
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(workspace.Root, File.GetUnixFileMode(workspace.Root) | UnixFileMode.OtherExecute);
        return workspace;
    }

    private static string ClusterOf(TestInstance instance) => Path.Combine(instance.Folder, "data", "postgres", "cluster");
}
