using InstanceKit.Instances;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Instances;

/// <summary>What the file system refuses to the registry and to other files of the tool is named, and costs nothing that was there.</summary>
public sealed class LeaseStoreFailureTests : IDisposable
{
    private static readonly LeaseBook Book = new(
    [
        new Lease
        {
            Workspace = "/w", Project = "p-dev-3", Stack = "p", Number = 3, Footprint = new InstanceFootprint(), Created = DateTimeOffset.UnixEpoch,
        },
    ]);

    private readonly string _root = Directory.CreateTempSubdirectory("ik-refused-").FullName;

    private string Folder => Path.Combine(_root, "instancekit");

    private LeaseStore Store => new(Folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_file_in_place_of_its_folder_is_named()
    {
        File.WriteAllText(Folder, "");

        Refused(await Assert.ThrowsAsync<InstanceKitException>(() => Store.TakeTurnAsync(Token)), $"'{Folder}' is a file, but a directory is expected");
        Refused(Assert.Throws<InstanceKitException>(() => Store.Write(Book)), $"'{Folder}' is a file, but a directory is expected");
        Assert.Null(Store.Read(out _));
    }

    [Fact]
    public async Task A_directory_in_place_of_its_lock_is_named_and_not_waited_for()
    {
        Directory.CreateDirectory(Store.FilePath + ".lock");

        Refused(await Assert.ThrowsAsync<InstanceKitException>(() => Store.TakeTurnAsync(Token)), "a file is expected");
    }

    [Fact]
    public void A_directory_in_place_of_the_file_is_named_and_no_temporary_file_is_left()
    {
        Directory.CreateDirectory(Path.Combine(Store.FilePath, "below"));

        Refused(Assert.Throws<InstanceKitException>(() => Store.Write(Book)), "is a directory, but a file is expected");

        Assert.Equal([Store.FilePath], Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void A_directory_where_a_damaged_file_is_to_go_is_named_and_the_file_stays()
    {
        Store.Write(Book);
        Directory.CreateDirectory(Path.Combine(Store.FilePath + ".damaged", "below"));

        var error = Assert.Throws<InstanceKitException>(() => Store.SetDamagedAside());

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Equal(3, Assert.Single(Store.Read(out _)!.Leases).Number);
    }

    [Fact]
    public async Task What_a_killed_write_left_is_removed_in_the_next_turn()
    {
        Directory.CreateDirectory(Folder);
        var (dead, alive) = (Path.Combine(Folder, ".leases.json.999999999.abcdefgh.tmp"), Path.Combine(Folder, $".leases.json.{Environment.ProcessId}.abcdefgh.tmp"));
        File.WriteAllText(dead, "");
        File.WriteAllText(alive, "");

        using var turn = await Store.TakeTurnAsync(Token);

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
    }

    [Fact]
    public void A_backup_that_can_not_be_made_leaves_the_file_as_it_is()
    {
        var file = Path.Combine(_root, "a.env");
        File.WriteAllText(file, "mine");
        Directory.CreateDirectory(Path.Combine(file + ".bak", "below"));

        var error = Assert.Throws<InstanceKitException>(() => FileStore.Backup(file));

        Assert.Contains($"'{file}.bak' could not be accessed", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_cache_that_can_not_be_written_is_done_without()
    {
        File.WriteAllText(Path.Combine(_root, "cache"), "in the way");

        FileStore.TryWrite(Path.Combine(_root, "cache", "health-3"), "x");

        Assert.Equal("in the way", File.ReadAllText(Path.Combine(_root, "cache")));
    }

    [Theory]
    [InlineData("instance.json")]
    [InlineData(".instances/instance-3")]
    public void A_record_that_can_not_be_written_is_named(string inTheWay)
    {
        var paths = new InstancePaths(_root, 3);
        var blocked = inTheWay == "instance.json" ? paths.Record : Path.Combine(_root, inTheWay);
        Directory.CreateDirectory(Path.GetDirectoryName(blocked)!);
        if (inTheWay == "instance.json")
            Directory.CreateDirectory(Path.Combine(blocked, "below"));
        else
            File.WriteAllText(blocked, "");

        var error = Assert.Throws<InstanceKitException>(() => InstanceStore.WriteRecord(paths, "{}"));

        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.Contains($"'{blocked}'", error.Message, StringComparison.Ordinal);
        Assert.Null(InstanceStore.FindRecord(paths));
    }

    [Fact]
    public void The_active_instance_that_can_not_be_written_is_named()
    {
        var file = Path.Combine(_root, InstancePaths.ActiveInstanceName);
        Directory.CreateDirectory(Path.Combine(file, "below"));

        Assert.Contains($"'{file}'", Assert.Throws<InstanceKitException>(() => new InstanceStore(_root).WriteActiveInstance(3)).Message, StringComparison.Ordinal);
        Assert.Null(new InstanceStore(_root).ReadActiveInstance());
    }

    private static void Refused(InstanceKitException error, string reason)
    {
        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.StartsWith("The registry of instances can't be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("XDG_STATE_HOME", error.Remedy, StringComparison.Ordinal);
    }
}
