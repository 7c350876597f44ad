using System.Diagnostics;
using System.Security.Cryptography;
using InstanceKit.IntegrationTests.Faults;
using InstanceKit.IntegrationTests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(Bystander))]

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>
/// Somebody else on this machine: a process, a tree of files, a container, a volume with a file and a network. Shared by
/// all scenarios, made when the first needs it.
/// </summary>
public sealed class Bystander : IAsyncDisposable
{
    private static readonly string s_name = $"bystander{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
    private static readonly Lazy<(Process Process, DirectoryInfo Files)> s_local = new(StartLocal);
    private static readonly Lazy<Task> s_onEngine = new(StartOnEngineAsync);

    /// <summary>What changes when somebody touches it.</summary>
    /// <param name="withEngine">Whether what it has on the engine is looked at.</param>
    public static async Task<string> FingerprintAsync(bool withEngine)
    {
        var (process, files) = s_local.Value;
        List<string> lines = [$"process {process.Id} {(process.HasExited ? "has ended" : "runs")}"];
        lines.AddRange(files.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal).Select(Describe));
        if (withEngine)
        {
            await s_onEngine.Value;
            lines.AddRange((await TestEngine.ContainersAsync(s_name)).Select(c => $"{c.Name} {c.Id} {c.State} {c.StartedAt}"));
            lines.AddRange((await TestEngine.VolumesAsync(s_name)).Concat(await TestEngine.NetworksAsync(s_name)).Select(r => $"{r.Name} {r.Identity}"));
            lines.Add((await TestEngine.TryAsync("exec", s_name, "cat", "/data/marker")).StandardOutput);
        }

        return string.Join('\n', lines);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (s_local.IsValueCreated)
        {
            var (process, files) = s_local.Value;
            process.Kill();
            process.Dispose();
            files.Delete(recursive: true);
        }

        if (!s_onEngine.IsValueCreated)
            return;
        await TestEngine.TryAsync("kill", s_name);
        await TestEngine.RemoveAsync(s_name);
    }

    private static (Process Process, DirectoryInfo Files) StartLocal()
    {
        // Looks like a workspace with an instance, and like an app of it.
        var files = Directory.CreateTempSubdirectory("ik-bystander-");
        var instance = files.CreateSubdirectory(".instances/instance-7");
        File.WriteAllText(Path.Combine(instance.FullName, "backend.env"), "PORT=3911\n");
        File.WriteAllText(Path.Combine(files.FullName, "compose.yaml"), "services: {redis: {image: redis:7}}\n");
        var start = new ProcessStartInfo("sleep", ["7200"]) { WorkingDirectory = files.FullName };
        start.Environment["SHIPSEC_INSTANCE"] = "7";
        return (Process.Start(start)!, files);
    }

    private static async Task StartOnEngineAsync()
    {
        var label = $"com.docker.compose.project={s_name}";
        await TestEngine.RunAsync("network", "create", "--label", label, s_name);
        await TestEngine.RunAsync("volume", "create", "--label", label, s_name);
        await TestEngine.RunAsync(
            "run", "--detach", "--init", "--name", s_name, "--label", label, "--network", s_name, "--volume", $"{s_name}:/data",
            Requires.Image, "sh", "-c", "echo kept >/data/marker; sleep 7200");
        await Eventually.HoldsAsync(
            async () => (await TestEngine.TryAsync("exec", s_name, "cat", "/data/marker")).StandardOutput == "kept\n", "the bystander runs");
    }

    private static string Describe(FileSystemInfo file) =>
        $"{file.FullName} {file.LastWriteTimeUtc:O} {(file is FileInfo ? File.ReadAllText(file.FullName) : "folder")}";
}
