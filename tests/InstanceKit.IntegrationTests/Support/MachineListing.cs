using System.Security.Cryptography;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>Everything that a command could touch, as text: files with their contents, containers, volumes, processes.</summary>
internal static class MachineListing
{
    /// <summary>Lists a workspace and its instances.</summary>
    public static async Task<string> OfAsync(TestWorkspace workspace)
    {
        var files = Directory.EnumerateFileSystemEntries(workspace.Folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Where(f => !IsLog(f))
            .Select(f => $"{Path.GetRelativePath(workspace.Folder, f)} {HashOf(f)} {File.GetLastWriteTimeUtc(f):O}");
        var processes = (await workspace.ProcessesAsync()).Select(p => $"{p.Name} {p.Pid} {p.Restarts}");
        var lines = files.Concat(processes).ToList();
        foreach (var instance in workspace.Instances)
            lines.Add(await instance.FingerprintAsync());
        return string.Join('\n', lines);
    }

    private static bool IsLog(string path) => path.EndsWith(".log", StringComparison.Ordinal);

    private static string HashOf(string path) =>
        Directory.Exists(path) ? "folder" : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
