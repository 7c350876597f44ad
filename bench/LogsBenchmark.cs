using System.Diagnostics;

namespace Bench;

/// <summary>Measures what it costs to follow the logs of instances in which nothing is said.</summary>
/// <param name="isQuick">Whether only the form matters: two instances, three seconds.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class LogsBenchmark(bool isQuick, TextWriter progress)
{
    private const int First = 180;
    private const double Percent = 100;
    private readonly int _many = isQuick ? 2 : 10;
    private readonly TimeSpan _before = TimeSpan.FromSeconds(isQuick ? 2 : 8);
    private readonly TimeSpan _time = TimeSpan.FromSeconds(isQuick ? 3 : 20);

    /// <summary>Measures, prints a Markdown table and, where a file is named, draws it.</summary>
    public async Task RunAsync(TextWriter output, string? plot)
    {
        await using var stack = await SampleStack.CreateLightAsync();
        await progress.WriteLineAsync($"Up of {_many} instances");
        await stack.BuildAsync("Up", $"{First}-{First + _many - 1}");
        List<SpeedRow> rows = [];
        await output.WriteLineAsync("""
            | What | percent of a core | one core, % | ratio | goal |
            |---|---:|---:|---:|---|
            """);
        foreach (var instances in new[] { $"{First}", "all" })
        {
            var count = instances == "all" ? _many : 1;
            await progress.WriteLineAsync($"Logs --follow of {count}, {_time.TotalSeconds:0} s");
            var (part, peak) = await FollowAsync(stack, instances);
            rows.Add(new SpeedRow($"`Logs --follow` of {count} idle, {peak.Megabytes:0} MB, {peak.Threads} threads", part, Percent, "≤ 0.05", 0.05));
            await output.WriteLineAsync(rows[^1].ToText("0.0"));
        }

        if (plot is not null)
            await File.WriteAllTextAsync(plot, RatioPlot.Draw(rows));
    }

    /// <summary>Follows for a while, and tells how much of a core that took.</summary>
    private async Task<(double Percent, ProcessPeak Peak)> FollowAsync(SampleStack stack, string instances)
    {
        using var follow = stack.Start("Logs", instances, "--follow", "--tail", "0");
        var streams = Task.WhenAll(follow.StandardOutput.ReadToEndAsync(), follow.StandardError.ReadToEndAsync());
        try
        {
            await Task.Delay(_before);
            var (begun, used) = (Stopwatch.GetTimestamp(), ProcessPeak.TimeOf(follow.Id));
            await Task.Delay(_time);
            var part = (ProcessPeak.TimeOf(follow.Id) - used) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            return follow.HasExited
                ? throw new InvalidOperationException($"Logs ended:\n{string.Concat(await streams)}")
                : (part * Percent, new ProcessPeak().With(follow.Id));
        }
        finally
        {
            follow.Kill();
            await streams;
        }
    }
}
