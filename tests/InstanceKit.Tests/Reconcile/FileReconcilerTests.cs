using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class FileReconcilerTests
{
    [Theory]
    [InlineData(null, null, false, FileAction.Write, "does not exist")]
    [InlineData(null, "old", true, FileAction.Write, "does not exist")]
    [InlineData("new", "old", false, FileAction.Leave, "is up to date")]
    [InlineData("new", null, true, FileAction.Leave, "is up to date")]
    [InlineData("old", "old", false, FileAction.Write, "its sources changed")]
    [InlineData("old", "old", true, FileAction.Write, "its sources changed")]
    [InlineData("edited", "old", false, FileAction.Keep, "was edited since it was generated")]
    [InlineData("edited", null, false, FileAction.Keep, "was edited since it was generated")]
    [InlineData("edited", "old", true, FileAction.BackupAndWrite, "was edited; --force, saved as *.bak")]
    [InlineData("edited", null, true, FileAction.BackupAndWrite, "was edited; --force, saved as *.bak")]
    [InlineData("", "old", false, FileAction.Keep, "was edited since it was generated")]
    [InlineData("new\r\n", "old", false, FileAction.Keep, "was edited since it was generated")]
    public void A_file_is_written_kept_or_left(string? found, string? generated, bool force, FileAction action, string cause) =>
        Assert.Equal(
            new FileDecision("backend.env", action, cause),
            FileReconciler.Decide("backend.env", "new", found, generated is null ? null : ContentHash.Of(generated), force));
}
