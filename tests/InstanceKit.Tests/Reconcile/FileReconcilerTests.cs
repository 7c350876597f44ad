using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class FileReconcilerTests
{
    [Theory]
    [InlineData(null, null, false, nameof(FileAction.Write), "does not exist")]
    [InlineData(null, "old", true, nameof(FileAction.Write), "does not exist")]
    [InlineData("new", "old", false, nameof(FileAction.Leave), "is up to date")]
    [InlineData("new", null, true, nameof(FileAction.Leave), "is up to date")]
    [InlineData("old", "old", false, nameof(FileAction.Write), "its sources changed")]
    [InlineData("old", "old", true, nameof(FileAction.Write), "its sources changed")]
    [InlineData("edited", "old", false, nameof(FileAction.Keep), "was edited since it was generated")]
    [InlineData("edited", null, false, nameof(FileAction.Keep), "was edited since it was generated")]
    [InlineData("edited", "old", true, nameof(FileAction.BackupAndWrite), "was edited; --force, saved as *.bak")]
    [InlineData("edited", null, true, nameof(FileAction.BackupAndWrite), "was edited; --force, saved as *.bak")]
    [InlineData("", "old", false, nameof(FileAction.Keep), "was edited since it was generated")]
    [InlineData("new\r\n", "old", false, nameof(FileAction.Keep), "was edited since it was generated")]
    public void A_file_is_written_kept_or_left(string? found, string? generated, bool force, string action, string cause) =>
        Assert.Equal(
            new FileDecision("backend.env", Enum.Parse<FileAction>(action), cause),
            FileReconciler.Decide("backend.env", "new", found, generated is null ? null : ContentHash.Of(generated), force));
}
