using InstanceKit.Leases;
using Xunit;

namespace InstanceKit.IntegrationTests.Leases;

public sealed class WorkspaceFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ik-").FullName;

    public WorkspaceFolderTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "disk", "w"));
        File.WriteAllText(Path.Combine(_root, "disk", "file"), "");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>What happened to <c>disk/w</c>, whether its file system was recorded and is the same, and what it is then.</summary>
    [Theory]
    [InlineData("", "same", nameof(FolderState.Present))]
    [InlineData("", "unknown", nameof(FolderState.Present))]
    [InlineData("deleted", "same", nameof(FolderState.Gone))]
    [InlineData("deleted", "unknown", nameof(FolderState.Gone))]
    [InlineData("deleted", "other", nameof(FolderState.Away))]
    [InlineData("empty", "other", nameof(FolderState.Away))]
    [InlineData("empty", "same", nameof(FolderState.Present))]
    [InlineData("alone deleted", "unknown", nameof(FolderState.Away))]
    [InlineData("deleted with the folder above", "same", nameof(FolderState.Gone))]
    [InlineData("deleted with the folder above", "unknown", nameof(FolderState.Away))]
    [InlineData("deleted with the folder above", "other", nameof(FolderState.Away))]
    [InlineData("a file", "same", nameof(FolderState.Away))]
    [InlineData("a dangling link", "same", nameof(FolderState.Away))]
    public void A_folder_is_gone_only_where_nothing_speaks_for_its_return(string fate, string disk, string expected)
    {
        var folder = Path.Combine(_root, "disk", "w");
        var recorded = disk switch { "same" => WorkspaceFolder.DiskOf(folder), "other" => "/elsewhere 1234", _ => null };
        if (fate is not ("" or "empty"))
            Directory.Delete(fate.EndsWith("above", StringComparison.Ordinal) ? Path.GetDirectoryName(folder)! : folder, recursive: true);
        if (fate == "alone deleted")
            File.Delete(Path.Combine(_root, "disk", "file"));
        if (fate == "a file")
            File.WriteAllText(folder, "");
        if (fate == "a dangling link")
            File.CreateSymbolicLink(folder, "nowhere");

        Assert.Equal(expected, WorkspaceFolder.StateOf(folder, recorded).ToString());
    }

    [Fact]
    public void A_renamed_folder_is_known_again_and_a_copy_or_a_new_one_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not say.");
        var folder = Path.Combine(_root, "disk", "w");
        var identity = WorkspaceFolder.IdentityOf(folder)!;

        Directory.Move(folder, folder + "2");
        Directory.CreateDirectory(folder);
        Assert.NotEqual(identity, WorkspaceFolder.IdentityOf(folder));
        Assert.Equal(folder + "2", WorkspaceFolder.FindRenamed(folder, identity));
        Directory.Delete(folder);
        Assert.Equal(folder + "2", WorkspaceFolder.FindRenamed(folder, identity));
        Directory.Move(folder + "2", folder);
        Directory.Move(Path.Combine(_root, "disk"), Path.Combine(_root, "other"));
        Directory.CreateDirectory(folder);
        Assert.Equal(Path.Combine(_root, "other", "w"), WorkspaceFolder.FindRenamed(folder, identity));
    }

    [Fact]
    public void A_folder_that_a_server_made_again_where_the_workspace_was_is_not_the_workspace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not say.");
        var folder = Path.Combine(_root, "disk", "w");
        var (disk, identity) = (WorkspaceFolder.DiskOf(folder), WorkspaceFolder.IdentityOf(folder));

        Directory.Move(folder, folder + "2");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        Assert.Equal(FolderState.Gone, WorkspaceFolder.StateOf(folder, disk, identity));
        Directory.Delete(folder + "2", recursive: true);
        Assert.Equal(FolderState.Present, WorkspaceFolder.StateOf(folder, disk, identity)); // a new checkout in its place
    }
}
