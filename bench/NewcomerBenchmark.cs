using System.Diagnostics;

namespace Bench;

/// <summary>Measures the way from a clone to the page: cold, where everything is fetched and compiled, and warm.</summary>
/// <param name="isQuick">Whether only the form matters.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class NewcomerBenchmark(bool isQuick, TextWriter progress)
{
    private const int Instance = 197;
    private const int Frontend = 5173 + (Instance * 100);
    private const int Backend = 3211 + (Instance * 100);
    private readonly int _runs = isQuick ? 1 : 3;

    /// <summary>Measures and prints a Markdown table.</summary>
    public async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("""
            | Services run by | State | clone, s | `LocalImages`, s | `Up`, s | clone to page, s | clone and home, MB |
            |---|---|---:|---:|---:|---:|---:|
            """);
        foreach (var hasDocker in new[] { false, true })
        {
            var runs = new List<(Row Cold, Row Warm)>();
            for (var i = 0; i < _runs; i++)
            {
                await progress.WriteLineAsync($"{(hasDocker ? "Compose" : "processes")}, run {i + 1} of {_runs}");
                runs.Add(await MeasureAsync(hasDocker));
            }

            foreach (var (state, rows) in new[] { ("cold", runs.Select(r => r.Cold)), ("warm", runs.Select(r => r.Warm)) })
                await output.WriteLineAsync(Median([.. rows]).ToText(hasDocker ? "Compose" : "processes", state));
        }
    }

    private static async Task<(Row Cold, Row Warm)> MeasureAsync(bool hasDocker)
    {
        using var newcomer = new Newcomer(hasDocker);
        var script = Path.Combine(newcomer.Clone, "build.sh");
        var clone = await newcomer.RunAsync(Path.GetTempPath(), "git", "clone", "--quiet", "--no-hardlinks", Places.Repository, newcomer.Clone);
        double? images = hasDocker ? await newcomer.RunAsync(newcomer.Clone, script, "LocalImages") : null;
        try
        {
            var cold = await UpAsync(newcomer, script);
            var size = newcomer.Size() / 1e6;
            await newcomer.RunAsync(newcomer.Clone, script, "Clean", "--instance", $"{Instance}");
            return (new Row(clone, images, cold, size), new Row(null, null, await UpAsync(newcomer, script), newcomer.Size() / 1e6));
        }
        finally
        {
            await newcomer.RunAsync(newcomer.Clone, script, "Clean", "--instance", $"{Instance}");
            await newcomer.RunAsync(newcomer.Clone, "sh", "-c", "for pm2 in .nuke/temp/tools/pm2-*/node_modules/.bin/pm2; do \"$pm2\" kill; done");
        }
    }

    /// <summary>Brings the instance up; the page and the backend must answer at once after it.</summary>
    private static async Task<double> UpAsync(Newcomer newcomer, string script)
    {
        var seconds = await newcomer.RunAsync(newcomer.Clone, script, "Up", "--instance", $"{Instance}");
        var begun = Stopwatch.GetTimestamp();
        using var client = new HttpClient();
        foreach (var url in new[] { $"http://127.0.0.1:{Frontend}/", $"http://127.0.0.1:{Backend}/health" })
            (await client.GetAsync(new Uri(url))).EnsureSuccessStatusCode();
        return seconds + Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static Row Median(IReadOnlyList<Row> rows) => rows.OrderBy(r => r.Total).ElementAt(rows.Count / 2);

    private sealed record Row(double? Fetch, double? Images, double Up, double Megabytes)
    {
        public double Total => (Fetch ?? 0) + (Images ?? 0) + Up;

        public string ToText(string kind, string state) =>
            $"| {kind} | {state} | {Text(Fetch)} | {Text(Images)} | {Up:0.0} | {Total:0.0} | {Megabytes:0} |";

        private static string Text(double? seconds) => seconds is { } value ? $"{value:0.0}" : "–";
    }
}
