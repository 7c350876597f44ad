using System.Diagnostics;

namespace Bench;

/// <summary>Runs programs and measures them.</summary>
internal static class Command
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> words, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = await WatchAsync(process.Id, process.WaitForExitAsync());
        var elapsed = Stopwatch.GetElapsedTime(begun);
        return process.ExitCode == 0
            ? new CommandResult(elapsed.TotalMilliseconds, peak, await output)
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)} failed:\n{await output}{await errors}");
    }

    /// <summary>The middle one of some figures.</summary>
    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted && sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;

    // The script replaces itself by the program, so the process is the same one.
    private static async Task<ProcessPeak> WatchAsync(int pid, Task ended)
    {
        var peak = new ProcessPeak();
        while (await Task.WhenAny(ended, Task.Delay(LookEvery)) != ended)
            peak = peak.With(pid);
        return peak;
    }
}

/// <summary>What came of a program.</summary>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Peak">The most that it was seen to take.</param>
/// <param name="Output">What it wrote.</param>
internal sealed record CommandResult(double Milliseconds, ProcessPeak Peak, string Output);
