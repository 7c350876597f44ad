using System.Diagnostics;
using System.Text;
using InstanceKit;
using InstanceKit.Instances;

namespace Bench;

/// <summary>Measures Audit of a checkout with many source files: cold, where none was searched, and unchanged.</summary>
/// <param name="isQuick">Whether only the form matters.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class AuditBenchmark(bool isQuick, TextWriter progress)
{
    private const int Services = 8;
    private readonly int[] _counts = isQuick ? [100] : [500, 5_000, 20_000];
    private readonly int _runs = isQuick ? 1 : 7;

    /// <summary>Measures everything and prints it as a Markdown table.</summary>
    public async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("""
            | Source files | Places | State | In process, ms | `./build.sh Audit`, ms |
            |---:|---:|---|---:|---:|
            """);
        foreach (var count in _counts)
        {
            await progress.WriteLineAsync($"{count} files");
            using var stack = GeneratedStack.Create(Services);
            await FillAsync(stack.Folder, count);
            using (var manager = await OpenAsync(stack))
                await manager.InitializeAsync(manager.Select(InstanceSelector.Of(1)), new Silence(), CancellationToken.None);
            var (_, places) = await AuditAsync(stack); // compiles
            await RunScriptAsync(stack);
            foreach (var (state, before) in new (string, Action)[] { ("cold", () => Forget(stack)), ("unchanged", () => { }) })
            {
                List<double> inProcess = [], byUser = [];
                for (var i = 0; i < _runs; i++)
                {
                    before();
                    inProcess.Add((await AuditAsync(stack)).Milliseconds);
                    before();
                    byUser.Add(await RunScriptAsync(stack));
                }

                await output.WriteLineAsync($"| {count} | {places} | {state} | {Median(inProcess):0} | {Median(byUser):0} |");
            }
        }
    }

    /// <summary>Sources of an average size, of which every twentieth names the stack, in a repository.</summary>
    private static async Task FillAsync(string folder, int count)
    {
        var filler = new StringBuilder();
        for (var line = 0; line < 100; line++)
            filler.Append($"export function step{line}(value: number): number {{ return value * {line} + 1; }}\n");
        for (var i = 0; i < count; i++)
        {
            var app = new[] { "frontend", "backend", "worker" }[i % 3];
            var path = Path.Combine(folder, app, "src", $"part{i / 50}", $"module{i}.ts");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var mention = i % 20 == 0 ? $"export const url{i} = process.env.SERVICE_{i % 7}_URL ?? 'http://localhost:3211';\n" : "";
            await File.WriteAllTextAsync(path, $"{mention}{filler}");
        }

        foreach (var arguments in new[] { new[] { "init", "-q" }, ["add", "."] })
            await RunAsync("git", ["-C", folder, .. arguments]);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.ts", SearchOption.AllDirectories))
            file.LastWriteTimeUtc = DateTime.UtcNow.AddMinutes(-1); // written just now, they would be searched again
    }

    private static Task<InstanceManager> OpenAsync(GeneratedStack stack) => InstanceManager.OpenAsync(
        new ManagerOptions { Workspace = stack.Folder, ToolsDirectory = stack.Folder, StackName = "bench" }, CancellationToken.None);

    private static async Task<(double Milliseconds, int Places)> AuditAsync(GeneratedStack stack)
    {
        var start = Stopwatch.GetTimestamp();
        using var manager = await OpenAsync(stack);
        var audit = await manager.AuditAsync(manager.Select(InstanceSelector.Of(1))[0], CancellationToken.None);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, audit.Mentions.Count);
    }

    private static Task<double> RunScriptAsync(GeneratedStack stack) => RunAsync(
        Path.Combine(Places.Repository, "build.sh"),
        ["Audit", "--instance", "1", "--workspace", stack.Folder, "--stack-name", "bench", "--json"]);

    private static void Forget(GeneratedStack stack) => File.Delete(Path.Combine(stack.Folder, ".instances", ".cache", "sources.json"));

    private static async Task<double> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode is (int)ExitCode.Ok or (int)ExitCode.NotReady ? elapsed : throw new InvalidOperationException($"{program} failed:\n{await errors}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
