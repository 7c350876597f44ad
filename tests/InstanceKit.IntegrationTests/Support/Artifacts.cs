using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>Keeps what explains a failed test: <c>artifacts/integration/TEST/</c>.</summary>
internal static class Artifacts
{
    /// <summary>Saves what a workspace has said and left, when the present test has failed, and prints where.</summary>
    public static async Task KeepWhenFailedAsync(TestWorkspace workspace)
    {
        var context = TestContext.Current;
        if (context.TestState?.Result != TestResult.Failed)
            return;
        var folder = await SaveAsync(context.Test?.TestDisplayName ?? "unknown", workspace);
        context.TestOutputHelper?.WriteLine($"Kept for this failure: {folder}");
    }

    private static async Task<string> SaveAsync(string test, TestWorkspace workspace)
    {
        var name = string.Concat(test.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-'));
        var folder = Repository.PathOf("artifacts", "integration", name[..Math.Min(name.Length, 150)], workspace.StackName);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "build.log"), workspace.Transcript);
        Copy(Path.Combine(workspace.Folder, ".instances"), Path.Combine(folder, "instances"));
        CopyFile(Path.Combine(workspace.Pm2Home, "pm2.log"), Path.Combine(folder, "pm2.log"));
        foreach (var instance in workspace.IsEngineHidden ? [] : workspace.Instances)
        {
            var text = await instance.FingerprintAsync() + "\n";
            foreach (var container in await instance.ContainersAsync())
            {
                var logs = await TestEngine.TryAsync("logs", "--timestamps", "--tail", "200", container.Id);
                text += $"\n=== {container.Name} ({container.State})\n{logs.StandardOutput}{logs.StandardError}";
            }

            await File.WriteAllTextAsync(Path.Combine(folder, $"{instance.Project}.log"), text);
        }

        return folder;
    }

    private static void Copy(string source, string target)
    {
        if (!Directory.Exists(source))
            return;
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            CopyFile(file, Path.Combine(target, Path.GetRelativePath(source, file)));
    }

    private static void CopyFile(string source, string target)
    {
        if (!File.Exists(source))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target, overwrite: true);
    }
}
