using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Verbs;

/// <summary>Writes the stack file of a workspace from what is discovered in it.</summary>
public static class StackInitializer
{
    /// <summary>Finds the stack, reads its compose files and writes <c>instancekit.yml</c>.</summary>
    /// <param name="options">The workspace; with <see cref="ManagerOptions.DryRun"/> nothing is written.</param>
    /// <returns>The file's path and text.</returns>
    /// <exception cref="InstanceKitException">
    /// There is a stack file already and <see cref="ManagerOptions.Force"/> is not set, or nothing is found.
    /// </exception>
    public static async Task<StackFileReport> RunAsync(ManagerOptions options, CancellationToken cancellation)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Workspace));
        var path = Path.Combine(root, StackFile.FileName);
        var old = FileStore.ReadText(path);
        if (old is not null && !options.Force && !options.DryRun)
        {
            throw InstanceKitException.Usage(
                $"'{path}' already exists.", "Edit it, or add --force to overwrite it; the old file is saved as *.bak.");
        }

        var (workspace, stack) = await StackReader.FindAsync(root, options.StackName, options.Next, cancellation);
        var spec = new InstanceSpec(stack, workspace, DiscoveredApps.Instance);
        // No instance is created: without Compose, it does not matter what will run the services.
        var models = new ComposeModels(new ComposeModelStore(workspace), isReadOnly: true);
        var model = (await models.ReadAsync(spec, withOverride: false, cancellation)).Model;
        var text = StackFileWriter.Write(stack, model.Ports);
        StackFileReader.Read(text).ApplyTo(stack);
        if (!options.DryRun && old != text)
        {
            if (old is not null)
                FileStore.Backup(path);
            // Unlike the files of instances it belongs to the repository, and everybody may read it.
            FileStore.Write(path, text, FileAudience.Containers);
        }

        return new StackFileReport(workspace, path, text, IsWritten: !options.DryRun && old != text);
    }
}

/// <summary>What became of a stack file.</summary>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Path">The file's absolute path.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsWritten">Whether it was written.</param>
public sealed record StackFileReport(string Workspace, string Path, string Text, bool IsWritten);
