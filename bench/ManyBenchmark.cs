using System.Diagnostics;
using System.Globalization;

namespace Bench;

/// <summary>Measures how the everyday verbs grow with the number of instances, on a stack of two small services and an app.</summary>
/// <param name="isQuick">Whether only the form matters: one run of each, two instances.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class ManyBenchmark(bool isQuick, TextWriter progress)
{
    private const int First = 180;
    private readonly int _runs = isQuick ? 1 : 10;
    private readonly int _parallel = isQuick ? 2 : 6;
    private readonly int _many = isQuick ? 2 : 10;
    private readonly List<SpeedRow> _rows = [];

    /// <summary>Measures everything, prints a Markdown table and, where a file is named, draws it.</summary>
    public async Task RunAsync(TextWriter output, string? plot)
    {
        await using var stack = await SampleStack.CreateLightAsync();
        await stack.BuildAsync("InitInstance", $"{First}-{First + _many - 1}");
        await MeasureUpAsync(stack);
        await MeasureStatusAsync(stack);
        await output.WriteLineAsync("""
            | What | `./build.sh` | compared with | ratio | goal |
            |---|---:|---:|---:|---|
            """);
        foreach (var row in _rows)
            await output.WriteLineAsync(row.ToText("0.#"));
        if (plot is not null)
            await File.WriteAllTextAsync(plot, RatioPlot.Draw(_rows));
    }

    private async Task MeasureUpAsync(SampleStack stack)
    {
        List<CommandResult> up = [], single = [];
        List<double> bare = [], withApps = [], work = [], bareWork = [];
        var range = $"{First}-{First + _parallel - 1}";
        await stack.BuildAsync("Up", range); // writes the apps' files and starts the daemon
        await stack.BuildAsync("Down", range);
        for (var i = 0; i < _runs; i++)
        {
            await progress.WriteLineAsync($"Up of {_parallel} instances, run {i + 1} of {_runs}");
            var before = MachineTime();
            up.Add(await stack.BuildAsync("Up", range));
            work.Add(MachineTime() - before);
            await stack.BuildAsync("Down", range);
            single.Add(await stack.BuildAsync("Up", $"{First}"));
            await stack.BuildAsync("Down", $"{First}");
            before = MachineTime();
            var (services, all) = await BareUpAsync(stack);
            bareWork.Add(MachineTime() - before);
            bare.Add(services);
            withApps.Add(all);
            await BareDownAsync(stack);
        }

        Add($"`Up` of {_parallel} until all are ready, ms; {_parallel} concurrent `docker compose up -d`, without apps",
            up.Select(u => u.Milliseconds), bare, 0.6);
        Add($"`Up` of {_parallel} versus services and apps, ms; the same and then {_parallel} `pm2 start`", up.Select(u => u.Milliseconds), withApps, 1);
        Add("CPU time of the whole machine, s; that of these commands", work, bareWork, 1);
        Add($"Memory, MB: `Up` of {_parallel}; `Up` of one", up.Select(u => u.Peak.Megabytes), single.Select(u => u.Peak.Megabytes), 1.2);
        Add($"Threads: `Up` of {_parallel}; `Up` of one", up.Select(u => (double)u.Peak.Threads), single.Select(u => (double)u.Peak.Threads), 1.5);
        Add($"Child processes: `Up` of {_parallel}; `Up` of one", up.Select(u => (double)u.Peak.Children), single.Select(u => (double)u.Peak.Children), 4);
    }

    private async Task MeasureStatusAsync(SampleStack stack)
    {
        await progress.WriteLineAsync($"Status of {_many} instances");
        await stack.BuildAsync("Up", $"{First}-{First + _many - 1}");
        const int look = 30; // the goal for ten instances, in milliseconds
        List<double> one = [], all = [], looking = [];
        for (var i = 0; i < _runs * 2; i++)
        {
            one.Add((await stack.BuildAsync("Status", $"{First}")).Milliseconds);
            all.Add((await stack.BuildAsync("Status", "all")).Milliseconds);
            looking.Add((await stack.BuildAsync("Status", "all", "--json")).Milliseconds);
        }

        Add($"`Status` of all {_many}, ms; `Status` of one", all, one, 1.5);
        Add($"`Status --json` of all {_many}, which looks at their connections, ms; `Status` of all, and {look}", looking, all.Select(a => a + look), 1);
    }

    /// <summary>Compose of all instances at once, then PM2.</summary>
    /// <returns>When Compose had finished, and when everything had, in milliseconds.</returns>
    private async Task<(double Services, double All)> BareUpAsync(SampleStack stack)
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Numbers.Select(n => stack.ComposeAsync(n, "up", "-d")));
        var services = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        // Two starts at once without a daemon begin two daemons.
        await stack.Pm2Async("ping");
        await Task.WhenAll(Numbers.Select(n => stack.Pm2Async("start", stack.EcosystemOf(n))));
        return (services, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    private async Task BareDownAsync(SampleStack stack)
    {
        await stack.Pm2Async("delete", "all");
        await Task.WhenAll(Numbers.Select(n => stack.ComposeAsync(n, "down")));
    }

    private IEnumerable<int> Numbers => Enumerable.Range(First, _parallel);

    /// <summary>The CPU time of the whole machine, in seconds (Linux), including other work on it.</summary>
    private static double MachineTime()
    {
        // cpu user nice system idle iowait irq softirq …
        if (!File.Exists("/proc/stat"))
            return 0;
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new[] { 1, 2, 3, 6, 7 }.Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / ProcessPeak.TicksPerSecond;
    }

    private void Add(string what, IEnumerable<double> ours, IEnumerable<double> bare, double limit) =>
        _rows.Add(new SpeedRow(what, Command.Median(ours), Command.Median(bare), FormattableString.Invariant($"≤ {limit}"), limit));
}
