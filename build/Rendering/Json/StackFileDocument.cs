using InstanceKit.Lifecycle;

namespace Rendering.Json;

/// <summary>What <c>InitStack --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="File">The stack file's absolute path.</param>
/// <param name="Written">Whether it was written: not with <c>--dry-run</c>, nor when it was so already.</param>
/// <param name="Text">Its text.</param>
internal sealed record StackFileDocument(int SchemaVersion, string Workspace, string File, bool Written, string Text)
{
    /// <summary>The document of a report.</summary>
    public static StackFileDocument Of(StackFileReport report) =>
        new(JsonOutput.SchemaVersion, report.Workspace, report.Path, report.IsWritten, report.Text);
}
