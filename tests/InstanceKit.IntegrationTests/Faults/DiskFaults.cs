using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Disks that are full or read-only, and things of another kind where files are expected.</summary>
public sealed class DiskFaults : FaultScenario
{
    [Fault("A pipe is among the configuration files", section: 3, Quick = true)]
    public async Task A_pipe_is_among_the_configuration_files()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var file = run.Workspace.PathOf("backend/.env");
        File.Move(file, file + ".away");
        await RequireAsync("mkfifo", file);

        var init = await run.CallAsync("InitInstance");

        run.Expect(init, 1, file, "pipe", "regular file");
        File.Move(file + ".away", file, overwrite: true);
        await run.ConcludeAsync();
    }

    [Fault("A directory is where an env file is expected", section: 3)]
    public async Task A_directory_is_where_an_env_file_is_expected()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var file = run.Workspace.PathOf("backend/.env");
        File.Move(file, file + ".away");
        Directory.CreateDirectory(file);

        var init = await run.CallAsync("InitInstance");

        run.Expect(init, 2, file, "is a directory", "Move it away");
        Directory.Delete(file);
        File.Move(file + ".away", file);
        await run.ConcludeAsync();
    }

    [Fault("The compose file is a link to nothing", section: 3)]
    public async Task The_compose_file_is_a_link_to_nothing()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var file = run.Workspace.PathOf("docker/docker-compose.infra.yml");
        File.Move(file, file + ".away");
        File.CreateSymbolicLink(file, "/nowhere/compose.yml");

        var init = await run.CallAsync("InitInstance");

        run.Expect(init, 2, file, "/nowhere/compose.yml", "does not exist", "Remove the link");
        File.Move(file + ".away", file, overwrite: true);
        await run.ConcludeAsync();
    }

    [Fault("The folder of instances is a link out of the workspace", section: 3, Quick = true)]
    public async Task The_folder_of_instances_is_a_link_out_of_the_workspace()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var (folder, outside) = (run.Workspace.PathOf(".instances"), Path.Combine(run.Workspace.Root, "outside"));
        Directory.Move(folder, outside);
        Directory.CreateSymbolicLink(folder, outside);

        foreach (var verb in new[] { "InitInstance", "Clean" })
            run.Expect(await run.CallAsync(verb), 2, folder, outside, "outside of the workspace", "Remove the link");

        Assert.True(File.Exists(Path.Combine(outside, Path.GetFileName(run.Instance.Folder), "instance.json")));
        Directory.Delete(folder);
        Directory.Move(outside, folder);
        await run.ConcludeAsync();
    }

    [Fault("The disk of the instances is full", section: 3)]
    public async Task The_disk_of_the_instances_is_full()
    {
        var run = await WithoutEngineAsync();
        await using var disk = await MountAsync(run.Workspace.PathOf(".instances"), "tmpfs", "size=8m");
        await run.UpAsync();
        var fill = run.Workspace.PathOf(".instances/fill");
        Assert.ThrowsAny<IOException>(() => File.WriteAllBytes(fill, new byte[16 << 20]));
        await File.AppendAllTextAsync(run.Workspace.PathOf("worker/.env"), "MORE=1\n", TestContext.Current.CancellationToken);

        var init = await run.CallAsync("InitInstance");
        (await run.CallAsync("Status")).Expect(0);
        var down = await run.CallAsync("Down");

        run.Expect(init, 1, ".instances/", "no space", "df -h");
        run.Expect(down, 0);
        Assert.DoesNotContain(Directory.EnumerateFiles(run.Instance.Folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
        File.Delete(fill);
        await run.ConcludeAsync();
    }

    [Fault("No inode is left for the files of the instance, and Clean frees them", section: 3)]
    public async Task No_inode_is_left_for_the_files()
    {
        var run = await OnFilesAsync();
        await using (await MountAsync(run.Workspace.PathOf(".instances"), "tmpfs", "nr_inodes=9"))
        {
            run.Expect(await run.CallAsync("InitInstance"), 1, ".instances/", "no inode", "df -i");
            run.Expect(await run.CallAsync("Clean"), 0);
            Assert.False(Directory.Exists(run.Instance.Folder));
        }

        await run.ConcludeAsync();
    }

    [Fault("The disk of the registry is full", section: 3)]
    public async Task The_disk_of_the_registry_is_full()
    {
        var run = await OnFilesAsync();
        await using (await MountAsync(run.Workspace.StateHome, "tmpfs", "size=4k"))
        {
            File.WriteAllBytes(Path.Combine(run.Workspace.StateHome, "fill"), new byte[4096]);

            run.Expect(await run.CallAsync("InitInstance"), 3, run.Workspace.StateHome, "no space", "XDG_STATE_HOME");
        }

        await run.ConcludeAsync();
    }

    [Fault("The file system of the instances is read-only", section: 3)]
    public async Task The_file_system_of_the_instances_is_read_only()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var folder = run.Workspace.PathOf(".instances");
        await using (await MountAsync(folder, "none", "bind", folder))
        {
            await RequireAsync("mount", "-o", "remount,ro,bind", folder);
            await File.AppendAllTextAsync(run.Workspace.PathOf("worker/.env"), "MORE=1\n", TestContext.Current.CancellationToken);

            run.Expect(await run.CallAsync("InitInstance"), 1, ".instances/", "read-only", "Remount");
            run.Expect(await run.CallAsync("Status"), 0);
            run.Expect(await run.CallAsync("Down"), 0);
            run.Expect(await run.CallAsync("Clean"), 1, run.Instance.Folder, "read-only");
        }

        await run.ConcludeAsync();
    }

    [Fault("The record of the instance is immutable", section: 3)]
    public async Task The_record_of_the_instance_is_immutable()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var record = run.Instance.FileOf("instance.json");
        await RequireAsync("chattr", "+i", record);
        try
        {
            await File.AppendAllTextAsync(run.Workspace.PathOf("worker/.env"), "MORE=1\n", TestContext.Current.CancellationToken);

            run.Expect(await run.CallAsync("InitInstance"), 1, record, "not permitted", "chattr -i");
        }
        finally
        {
            await RequireAsync("chattr", "-i", record);
        }

        await run.ConcludeAsync();
    }

    [Fault("The cache can't be written", section: 3)]
    public async Task The_cache_can_not_be_written()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var cache = run.Workspace.PathOf(".instances/.cache");
        Directory.Delete(cache, recursive: true);
        File.WriteAllText(cache, "");
        await File.AppendAllTextAsync(run.Workspace.PathOf("docker/docker-compose.infra.yml"), "\n# changed\n", TestContext.Current.CancellationToken);

        run.Expect(await run.CallAsync("InitInstance"), 0);
        run.Expect(await run.CallAsync("Status"), 0);

        await run.ConcludeAsync();
    }

    [Fault("TMPDIR does not exist and HOME is not set", section: 3, Quick = true)]
    public async Task TMPDIR_does_not_exist_and_HOME_is_not_set()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        run.Workspace.Environment["TMPDIR"] = "/nowhere/tmp";
        run.Workspace.Environment["HOME"] = null;

        run.Expect(await run.CallAsync("InitInstance"), 0);
        run.Expect(await run.CallAsync("Status"), 0);

        run.Workspace.Environment.Clear();
        await run.ConcludeAsync();
    }

    private static async Task<Mounted> MountAsync(string folder, string type, string options, string source = "none")
    {
        Directory.CreateDirectory(folder);
        await RequireAsync("mount", type == "none" ? ["-o", options, source, folder] : ["-t", type, "-o", options, source, folder]);
        return new Mounted(folder);
    }

    private static async Task RequireAsync(string program, params string[] arguments)
    {
        try
        {
            var result = await ProcessRunner.RunAsync(new ProcessSpec { Program = program, Arguments = arguments });
            Assert.SkipUnless(result.Succeeded, $"{program} is not possible here: {result.StandardError}");
        }
        catch (InstanceKitException e)
        {
            Assert.Skip(e.Message);
        }
    }

    private sealed class Mounted(string folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await ProcessRunner.RunAsync(new ProcessSpec { Program = "umount", Arguments = ["--lazy", folder] });
    }
}
