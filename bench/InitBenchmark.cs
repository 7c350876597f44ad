using System.Diagnostics;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Reconcile;

namespace Bench;

/// <summary>Measures InitInstance: cold, where nothing exists, and unchanged, where all is as it should be.</summary>
/// <param name="isQuick">Whether only the form matters.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class InitBenchmark(bool isQuick, TextWriter progress)
{
    private readonly int[] _stacks = isQuick ? [8] : [8, 60];
    private readonly int[] _counts = isQuick ? [1, 2] : [1, 10, 100];

    /// <summary>Measures everything and prints it as Markdown tables.</summary>
    public async Task RunAsync(TextWriter output)
    {
        using (var warm = GeneratedStack.Create(8))
        {
            // The first call of each compiles: the runtime the one, the script the other.
            await InitializeAsync(warm, 1);
            await RunScriptAsync(warm, 1);
        }

        await output.WriteLineAsync("""
            | Services | Instances | State | In process, ms | per instance, ms | `./build.sh InitInstance`, ms | Programs run |
            |---:|---:|---|---:|---:|---:|---:|
            """);
        var floors = new List<string>();
        foreach (var services in _stacks)
        {
            using var stack = GeneratedStack.Create(services);
            foreach (var count in _counts)
            {
                foreach (var row in await MeasureAsync(stack, count))
                    await output.WriteLineAsync(row);
            }

            floors.Add($"| {services} | {Median(await RepeatAsync(isQuick ? 1 : 10, () => ConfigAsync(stack))):0} |");
        }

        await output.WriteLineAsync("""

            | Services | bare `docker compose config`, ms |
            |---:|---:|
            """);
        foreach (var floor in floors)
            await output.WriteLineAsync(floor);
    }

    private async Task<string[]> MeasureAsync(GeneratedStack stack, int count)
    {
        await progress.WriteLineAsync($"{stack.Services} services, {count} instances");
        var runs = isQuick || count == 100 ? 1 : count == 1 ? 7 : 3;
        var cold = Median(await RepeatAsync(runs, () => InitializeAsync(stack, count), stack.Clear));
        var unchanged = Median(await RepeatAsync(runs, () => InitializeAsync(stack, count)));
        var userCold = Median(await RepeatAsync(Math.Min(runs, 3), () => RunScriptAsync(stack, count), stack.Clear));
        var userUnchanged = Median(await RepeatAsync(Math.Min(runs, 3), () => RunScriptAsync(stack, count)));
        using var calls = ProgramCalls.Count();
        stack.Clear();
        await InitializeAsync(stack, count);
        var programsCold = calls.Take();
        await InitializeAsync(stack, count);
        return
        [
            Row("cold", cold, userCold, programsCold),
            Row("unchanged", unchanged, userUnchanged, calls.Take()),
        ];

        string Row(string state, double inProcess, double byUser, int programs) =>
            $"| {stack.Services} | {count} | {state} | {inProcess:0.0} | {inProcess / count:0.0} | {byUser:0} | {programs} |";
    }

    private static async Task<double> InitializeAsync(GeneratedStack stack, int count)
    {
        var selector = InstanceSelector.Parse(string.Join(',', GeneratedStack.Numbers(count)), "bench");
        var start = Stopwatch.GetTimestamp();
        using var manager = await InstanceManager.OpenAsync(new ManagerOptions
        {
            Workspace = stack.Folder, ToolsDirectory = stack.Folder, StackName = "bench",
        }, CancellationToken.None);
        var reports = await manager.InitializeAsync(manager.Select(selector), new Silence(), CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return reports.FirstOrDefault(r => r.Error is not null) is { } failed ? throw failed.Error! : elapsed;
    }

    /// <summary>As a person does it: the script, a new process.</summary>
    private static Task<double> RunScriptAsync(GeneratedStack stack, int count) => RunAsync(
        Path.Combine(Places.Repository, "build.sh"),
        ["InitInstance", "--instance", string.Join(',', GeneratedStack.Numbers(count)), "--workspace", stack.Folder, "--stack-name", "bench"]);

    /// <summary>The floor: what one question to Compose costs, whoever puts it.</summary>
    private static Task<double> ConfigAsync(GeneratedStack stack) =>
        RunAsync("docker", ["compose", "-p", "bench", "-f", stack.ComposeFile, "config", "--format", "json"]);

    private static async Task<double> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"{program} failed:\n{await errors}");
    }

    private static async Task<List<double>> RepeatAsync(int times, Func<Task<double>> measure, Action? before = null)
    {
        var result = new List<double>();
        for (var i = 0; i < times; i++)
        {
            before?.Invoke();
            result.Add(await measure());
        }

        return result;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

}

/// <summary>What is measured is the work, not the telling.</summary>
internal sealed class Silence : IProgress<InstanceEvent>
{
    /// <inheritdoc />
    public void Report(InstanceEvent value)
    {
        // Nothing is told.
    }
}
