namespace Bench;

/// <summary>Measures the everyday verbs beside the bare commands that they stand for, in one run.</summary>
/// <param name="isQuick">Whether only the form matters: one run of each.</param>
/// <param name="runs">How often each is run; <see langword="null"/> for eleven times.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class SpeedBenchmark(bool isQuick, int? runs, TextWriter progress)
{
    private const int First = 190;
    private readonly int _runs = isQuick ? 1 : runs ?? 11;
    private readonly List<SpeedRow> _rows = [];

    /// <summary>Measures everything, prints a Markdown table and, where a file is named, draws it.</summary>
    public async Task RunAsync(TextWriter output, string? plot)
    {
        await using var stack = await SampleStack.CreateAsync();
        await stack.BuildAsync("InitInstance", $"{First}");
        await MeasureOneAsync(stack);
        await output.WriteLineAsync("""
            | What | `./build.sh`, ms | bare commands, ms | ratio | goal |
            |---|---:|---:|---:|---|
            """);
        foreach (var row in _rows)
            await output.WriteLineAsync(row.ToText());
        if (plot is not null)
            await File.WriteAllTextAsync(plot, RatioPlot.Draw(_rows));
    }

    private async Task MeasureOneAsync(SampleStack stack)
    {
        List<double> up = [], bareUp = [], down = [], bareDown = [], clean = [], bareClean = [];
        for (var i = 0; i < _runs; i++)
        {
            await TellAsync($"Up, Down and Clean of one instance, run {i + 1} of {_runs}");
            // Every Up that is measured finds its data, which the last run has removed.
            await stack.BuildAsync("Up", $"{First}");
            await stack.BuildAsync("Down", $"{First}");
            up.Add((await stack.BuildAsync("Up", $"{First}")).Milliseconds);
            down.Add((await stack.BuildAsync("Down", $"{First}")).Milliseconds);
            bareUp.Add(await stack.UpBareAsync(First));
            bareDown.Add(await stack.DownBareAsync(First));
            if (isQuick)
                continue; // Clean and its bare counterpart are of the same form

            await stack.BuildAsync("Up", $"{First}");
            clean.Add((await stack.BuildAsync("Clean", $"{First}")).Milliseconds);
            await stack.BuildAsync("Up", $"{First}");
            await stack.BuildAsync("Down", $"{First}");
            await stack.UpBareAsync(First);
            bareClean.Add(await stack.DownBareAsync(First, "--volumes"));
        }

        await stack.BuildAsync("Up", $"{First}");
        List<double> status = [], bareStatus = [], again = [];
        for (var i = 0; i < (isQuick ? 1 : Math.Max(_runs, 11)); i++)
        {
            status.Add((await stack.BuildAsync("Status", $"{First}")).Milliseconds);
            bareStatus.Add((await stack.ComposeAsync(First, "ps")).Milliseconds + (await stack.Pm2Async("jlist", "-s")).Milliseconds);
            again.Add((await stack.BuildAsync("Up", $"{First}")).Milliseconds);
        }

        Add("`Status` of one instance", status, bareStatus, "≤ 150 ms, ≤ 0.6", 0.6);
        Add("`Up` of a stopped instance, until all is ready", up, bareUp, "≤ 0.5", 0.5);
        Add("`Up` of a running instance", again, null, "≤ 300 ms", null);
        Add("`Down`", down, bareDown, "≤ 1", 1);
        if (!isQuick)
            Add("`Clean`", clean, bareClean, "≤ 1", 1);
    }

    private void Add(string what, List<double> ours, List<double>? bare, string wanted, double? limit) =>
        _rows.Add(new SpeedRow(what, Command.Median(ours), bare is null ? null : Command.Median(bare), wanted, limit));

    private Task TellAsync(string text) => progress.WriteLineAsync(text);
}
