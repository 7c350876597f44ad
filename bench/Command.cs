using System.Diagnostics;

namespace Bench;

/// <summary>Runs programs and measures them.</summary>
internal static class Command
{
    private const int Kilobyte = 1024;

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
        var peak = await WatchAsync(process);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        return process.ExitCode == 0
            ? new CommandResult(elapsed.TotalMilliseconds, peak / (double)Kilobyte, await output)
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)} failed:\n{await output}{await errors}");
    }

    /// <summary>The middle one of some figures.</summary>
    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted && sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;

    // The script replaces itself by the program, so the process is the same one.
    private static async Task<long> WatchAsync(Process process)
    {
        var peak = 0L;
        var ended = process.WaitForExitAsync();
        while (await Task.WhenAny(ended, Task.Delay(200)) != ended)
            peak = Math.Max(peak, PeakOf(process.Id));
        return peak;
    }

    private static long PeakOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}

/// <summary>What came of a program.</summary>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="PeakMegabytes">The most memory it had, as far as it was seen (Linux); 0 for a very short one.</param>
/// <param name="Output">What it wrote.</param>
internal sealed record CommandResult(double Milliseconds, double PeakMegabytes, string Output);
