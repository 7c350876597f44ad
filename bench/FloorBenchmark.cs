using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bench;

/// <summary>
/// Measures Up of a stopped instance beside the bare commands, and beside the floor: the time in which the engine starts the same
/// containers, created before, two at once, and then the backend starts alone.
/// </summary>
/// <param name="isQuick">Whether only the form matters: one run of each.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class FloorBenchmark(bool isQuick, TextWriter progress)
{
    private const int Instance = 190;
    private const int AtOnce = 2;
    private readonly int _runs = isQuick ? 1 : 5;

    /// <summary>Measures everything, prints Markdown tables and, where a file is named, draws the timeline of the last run.</summary>
    public async Task RunAsync(TextWriter output, string? plot)
    {
        await using var stack = await SampleStack.CreateAsync();
        List<double> backend = [], all = [], first = [], bare = [], floor = [], again = [], lists = [];
        IReadOnlyList<TimelineRow> timeline = [];
        await stack.BuildAsync("Up", $"{Instance}"); // makes the data and remembers how long each service takes
        await stack.BuildAsync("Down", $"{Instance}");
        for (var i = 0; i < _runs; i++)
        {
            await progress.WriteLineAsync($"Up, bare commands and floor, run {i + 1} of {_runs}");
            var begun = DateTime.UtcNow;
            var (answered, up) = await stack.UpAsync(Instance, "--json");
            backend.Add(answered);
            all.Add(up.Milliseconds);
            timeline = TimelineRow.Read(up.Output, begun);
            first.Add((await FirstStartAsync(stack) - begun).TotalMilliseconds);
            again.Add((await stack.BuildAsync("Up", $"{Instance}")).Milliseconds);
            lists.Add((await stack.ComposeAsync(Instance, "ps")).Milliseconds + (await stack.Pm2Async("jlist", "-s")).Milliseconds);
            await stack.BuildAsync("Down", $"{Instance}");
            await stack.Pm2Async("ping"); // Down has ended the daemon
            bare.Add(await stack.UpBareAsync(Instance));
            await stack.DownBareAsync(Instance);
            floor.Add(await FloorAsync(stack));
            await stack.DownBareAsync(Instance);
        }

        var least = Command.Median(floor);
        SpeedRow[] rows =
        [
            new("`Up` of a stopped instance until the backend answers; the floor", Command.Median(backend), least, "≤ 1.1", 1.1),
            new("the same until all is ready; the floor", Command.Median(all), least, "≤ 1.2", 1.2),
            new("the same until the backend answers; `docker compose up -d`, `pm2 start`", Command.Median(backend), Command.Median(bare), "–", null),
            new("the same until the engine has started the first container", Command.Median(first), null, "≤ 300 ms", null),
            new("`Up` of a running instance; `docker compose ps` and `pm2 jlist`", Command.Median(again), Command.Median(lists), "≤ 0.6", 0.6),
        ];
        await output.WriteLineAsync("""
            | What; compared with | `./build.sh`, ms | compared with, ms | ratio | goal |
            |---|---:|---:|---:|---|
            """);
        foreach (var row in rows)
            await output.WriteLineAsync(row.ToText());
        await output.WriteLineAsync("""

            | Of the last run | begun, s | ready, s |
            |---|---:|---:|
            """);
        foreach (var row in timeline)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {row.Subject} | {row.Begun:0.00} | {row.Ready:0.00} |"));
        if (plot is not null)
            await File.WriteAllTextAsync(plot, TimelineRow.Draw(timeline));
    }

    private static async Task<DateTime> FirstStartAsync(SampleStack stack)
    {
        var containers = await stack.ContainersAsync(SampleStack.ProjectOf(Instance));
        var starts = await stack.DockerAsync(["inspect", "--format", "{{.State.StartedAt}}", .. containers]);
        return starts.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Min(s => DateTime.Parse(s, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
    }

    private static async Task<double> FloorAsync(SampleStack stack)
    {
        await stack.ComposeAsync(Instance, "up", "--no-start");
        var containers = await stack.ContainersAsync(SampleStack.ProjectOf(Instance));
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            containers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (c, _) => await stack.DockerAsync("start", c));
        var engine = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        await stack.Pm2Async("ping");
        // Whatever the backend waits for is ready before it is measured.
        await stack.Pm2Async("start", stack.EcosystemOf(Instance));
        await SampleStack.AwaitBackendAsync(Instance, begun);
        await stack.Pm2Async("delete", "all");
        begun = Stopwatch.GetTimestamp();
        await stack.Pm2Async("start", stack.EcosystemOf(Instance), "--only", $"{SampleStack.Name}-backend-{Instance}");
        return engine + await SampleStack.AwaitBackendAsync(Instance, begun);
    }
}

/// <summary>When one service or app was begun, and when it was ready.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="Begun">In seconds after the command.</param>
/// <param name="Ready">The same.</param>
internal sealed record TimelineRow(string Subject, double Begun, double Ready)
{
    private const int Left = 150;
    private const int RowHeight = 26;
    private const int Width = 700;

    /// <summary>The timeline in the events that a command printed as JSON.</summary>
    /// <param name="begun">When the command began.</param>
    public static IReadOnlyList<TimelineRow> Read(string events, DateTime begun)
    {
        var (starts, ends) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var line in events.Split('\n').Where(l => l.StartsWith('{')))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            // The last document is the report.
            if (!root.TryGetProperty("event", out var what) || !root.TryGetProperty("subject", out var about) || root.GetProperty("command").GetString() != "Up")
                continue;
            var (subject, kind) = (about.GetString()!, what.GetString());
            var seconds = (root.GetProperty("time").GetDateTime().ToUniversalTime() - begun).TotalSeconds;
            if (kind == "step" && root.GetProperty("message").GetString() == "starting")
                starts.TryAdd(subject, seconds);
            else if (kind == "done")
                ends[subject] = seconds;
        }

        return [.. starts.Where(s => ends.ContainsKey(s.Key)).Select(s => new TimelineRow(s.Key, s.Value, ends[s.Key])).OrderBy(r => r.Begun)];
    }

    /// <summary>The drawing, as SVG.</summary>
    public static string Draw(IReadOnlyList<TimelineRow> rows)
    {
        var end = Math.Ceiling(rows.Max(r => r.Ready));
        var unit = (Width - Left - 20) / end;
        var height = (rows.Count * RowHeight) + 40;
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">""");
        Line($"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        for (var second = 0; second <= end; second++)
        {
            var x = Left + (second * unit);
            Line($"""<line x1="{x:0.#}" y1="6" x2="{x:0.#}" y2="{height - 30}" stroke="#dddddd"/>""");
            Line($"""<text x="{x:0.#}" y="{height - 12}" fill="#666666" text-anchor="middle">{second} s</text>""");
        }

        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
        {
            var y = 8 + (i * RowHeight);
            Line($"""<text x="{Left - 10}" y="{y + 15}" fill="#333333" text-anchor="end">{row.Subject}</text>""");
            Line($"""<rect x="{Left + (row.Begun * unit):0.#}" y="{y + 2}" width="{Math.Max((row.Ready - row.Begun) * unit, 2):0.#}" height="18" fill="#3b7dd8"/>""");
        }

        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
