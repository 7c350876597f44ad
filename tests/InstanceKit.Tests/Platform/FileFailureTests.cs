using System.Diagnostics;
using InstanceKit.Instances;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

/// <summary>What the file system refuses is said in words: the path, the reason and the remedy.</summary>
public sealed class FileFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_full_disk_is_named()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");

        var error = FileFailure.Of(Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "text")))!;

        Assert.Contains("'/dev/full' could not be accessed: no space", error.Message, StringComparison.Ordinal);
        Assert.Contains("df -i", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_place_of_a_directory_is_named()
    {
        var file = PathOf("file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<InstanceKitException>(() => FileStore.Write(Path.Combine(file, "below", "x.json"), "text"));

        Assert.Contains($"'{file}' is a file, but a directory is expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_in_place_of_a_file_is_named_and_no_temporary_file_is_left()
    {
        Directory.CreateDirectory(PathOf("x.json/below"));

        var error = Assert.Throws<InstanceKitException>(() => FileStore.Write(PathOf("x.json"), "text"));

        Assert.Contains($"'{PathOf("x.json")}' could not be accessed: it is a directory, but a file is expected", error.Message, StringComparison.Ordinal);
        Assert.Equal([PathOf("x.json")], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_directory_and_a_link_to_nothing_are_no_source()
    {
        Directory.CreateDirectory(PathOf(".env"));
        Directory.CreateSymbolicLink(PathOf("link"), "/nowhere/at/all");

        Assert.Contains("is a directory", Assert.Throws<InstanceKitException>(() => FileStore.ReadSource(PathOf(".env"))).Message, StringComparison.Ordinal);
        Assert.Contains("'/nowhere/at/all', which does not exist",
            Assert.Throws<InstanceKitException>(() => FileStore.ReadSource(PathOf("link"))).Message, StringComparison.Ordinal);
        Assert.Null(FileStore.ReadSource(PathOf("none")));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_pipe_is_refused_without_waiting_for_its_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        await Process.Start("mkfifo", [PathOf("pipe")]).WaitForExitAsync(TestContext.Current.CancellationToken);

        var error = await Task.Run(() => Assert.Throws<InstanceKitException>(() => FileStore.ReadSource(PathOf("pipe"))));

        Assert.Contains("pipe", error.Message, StringComparison.Ordinal);
        Assert.Contains("regular file", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_an_end_is_not_read_to_its_end()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "Needs /dev/zero.");

        Assert.Contains("larger than 64 MiB", Assert.ThrowsAny<IOException>(() => FileStore.ReadText("/dev/zero")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_refusal_of_the_file_system_stays_a_defect()
    {
        Assert.Null(FileFailure.Of(new InvalidOperationException("x")));
        Assert.Null(FileFailure.Of(new IOException("the answer was cut off")));
    }

    [Theory]
    [InlineData(".instances")]
    [InlineData(".instances/instance-3")]
    [InlineData(".instances/instance-3/instance.json")]
    public void A_link_out_of_the_workspace_is_refused(string link)
    {
        var (workspace, outside) = (PathOf("w"), PathOf("outside"));
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "kept"), "text");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(workspace, link))!);
        Directory.CreateSymbolicLink(Path.Combine(workspace, link), outside);
        var paths = new InstancePaths(workspace, 3);

        var error = Assert.Throws<InstanceKitException>(() => InstanceStore.RequireInside(paths));
        Assert.Throws<InstanceKitException>(() => InstanceLock.Acquire(Studio.Spec(3) with { Workspace = workspace }, "Clean", mayLackSpace: true));
        if (link != ".instances/instance-3/instance.json")
            Assert.Throws<InstanceKitException>(() => InstanceStore.Delete(paths));

        Assert.Contains($"'{Path.Combine(workspace, link)}' is a link to '{outside}'", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(outside, "kept")));
    }

    [Fact]
    public void A_link_within_the_workspace_is_nobodys_business()
    {
        Directory.CreateDirectory(PathOf("w/.instances"));
        Directory.CreateDirectory(PathOf("w/big/instance-3"));
        Directory.CreateSymbolicLink(PathOf("w/.instances/instance-3"), PathOf("w/big/instance-3"));

        InstanceStore.RequireInside(new InstancePaths(PathOf("w"), 3));
    }

    [Fact]
    public void What_a_killed_write_left_is_removed_and_what_another_process_writes_is_not()
    {
        var paths = new InstancePaths(PathOf("w"), 3);
        Directory.CreateDirectory(paths.Directory);
        var (dead, alive) = (Path.Combine(paths.Directory, ".instance.json.999999999.abcdefgh.tmp"),
            Path.Combine(paths.Directory, $".instance.json.{Environment.ProcessId}.abcdefgh.tmp"));
        File.WriteAllText(dead, "");
        File.WriteAllText(alive, "");

        InstanceStore.RequireInside(paths);

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
    }

    [Fact]
    public void Logs_are_nobody_elses()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var logs = Path.Combine(_folder, "logs");
        Directory.CreateDirectory(logs);
        File.WriteAllText(Path.Combine(logs, "old.log"), "");

        FileStore.CreatePrivate(logs);
        FileStore.CreatePrivateFiles([Path.Combine(logs, "old.log"), Path.Combine(logs, "new.log")]);

        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(logs));
        foreach (var file in Directory.GetFiles(logs))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
