using System.Diagnostics;
using System.Globalization;

namespace Bench;

/// <summary>Measures instances on shared infrastructure beside instances with their own, and beside the bare commands.</summary>
/// <param name="isQuick">Whether only the form matters: one run of each, two instances.</param>
/// <param name="progress">Where it is told what is measured.</param>
internal sealed class SharedBenchmark(bool isQuick, TextWriter progress)
{
    // Redis numbers its databases: a tenant of an instance with a high number has none.
    private const int First = 7;
    private readonly int _runs = isQuick ? 1 : 5;
    private readonly int _many = isQuick ? 2 : 10;
    private readonly List<SpeedRow> _rows = [];

    private string Range => $"{First}-{First + _many - 1}";

    /// <summary>Measures everything, prints a Markdown table and, where a file is named, draws it.</summary>
    public async Task RunAsync(TextWriter output, string? plot)
    {
        await using var stack = await SampleStack.CreateAsync();
        await MeasureOneAsync(stack);
        await MeasureManyAsync(stack);
        await output.WriteLineAsync("""
            | Shared infrastructure; compared with | shared | compared with | ratio | goal |
            |---|---:|---:|---:|---|
            """);
        foreach (var row in _rows)
            await output.WriteLineAsync(row.ToText("0.#"));
        if (plot is not null)
            await File.WriteAllTextAsync(plot, RatioPlot.Draw(_rows));
    }

    private async Task MeasureOneAsync(SampleStack stack)
    {
        var (number, other) = ($"{First}", $"{First + 1}");
        List<double> own = [], ownAgain = [], ownStatus = [], shared = [], again = [], status = [], bare = [];
        for (var i = 0; i < _runs; i++)
        {
            await progress.WriteLineAsync($"one instance, own, shared and bare, run {i + 1} of {_runs}");
            await stack.BuildAsync("Up", number, "--infra", "own");
            await stack.BuildAsync("Down", number);
            own.Add((await stack.UpAsync(First)).Backend);
            ownAgain.Add((await stack.BuildAsync("Up", number)).Milliseconds);
            ownStatus.Add((await stack.BuildAsync("Status", number)).Milliseconds);
            await stack.BuildAsync("Clean", number);
            await stack.BuildAsync("Up", other, "--infra", "shared"); // the infrastructure runs
            await stack.BuildAsync("InitInstance", number, "--infra", "shared");
            shared.Add((await stack.UpAsync(First)).Backend);
            again.Add((await stack.BuildAsync("Up", number)).Milliseconds);
            status.Add((await stack.BuildAsync("Status", number)).Milliseconds);
            bare.Add(await BareAsync(stack));
            await stack.BuildAsync("Clean", number);
        }

        await stack.BuildAsync("Clean", "all", "--yes");
        Add("`Up` of another instance until its backend answers, ms; the same with its own", shared, own, 0.25);
        Add("the same, ms; `createdb -T` and `pm2 start`", shared, bare, 1.2);
        Add("`Up` of a running instance, ms; the same with its own", again, ownAgain, 1);
        Add("`Status`, ms; the same with its own", status, ownStatus, 1);
    }

    /// <summary>A copy of the database's template, then the apps, whose own services keep running.</summary>
    private static async Task<double> BareAsync(SampleStack stack)
    {
        var postgres = (await stack.ContainersAsync($"{SampleStack.Name}-dev-shared", "--filter", "label=com.docker.compose.service=postgres"))[0];
        var apps = new[] { "frontend", "backend", "worker" }.Select(a => $"{SampleStack.Name}-{a}-{First}").ToArray();
        await stack.Pm2Async(["delete", .. apps]);
        var begun = Stopwatch.GetTimestamp();
        await stack.DockerAsync("exec", postgres, "createdb", "-U", "shipsec", "-T", $"{SampleStack.Name}_template", "bare");
        await stack.Pm2Async("start", stack.EcosystemOf(First));
        var elapsed = await SampleStack.AwaitBackendAsync(First, begun);
        await stack.DockerAsync("exec", postgres, "dropdb", "-U", "shipsec", "bare");
        return elapsed;
    }

    private async Task MeasureManyAsync(SampleStack stack)
    {
        await progress.WriteLineAsync($"{_many} instances from nothing, shared");
        var shared = (await stack.BuildAsync("Up", Range, "--infra", "shared")).Milliseconds;
        string[] projects = [.. Enumerable.Range(First, _many).Select(SampleStack.ProjectOf), $"{SampleStack.Name}-dev-shared"];
        var (memory, containers) = await SizeAsync(stack, projects);
        await stack.BuildAsync("Clean", "all", "--yes");
        await progress.WriteLineAsync($"{_many} instances from nothing, bare");
        await stack.BuildAsync("Up", Range, "--infra", "own"); // writes what PM2 is given
        var (ownMemory, ownContainers) = await SizeAsync(stack, projects);
        await stack.BuildAsync("Down", Range);
        foreach (var n in Enumerable.Range(First, _many))
            await stack.ComposeAsync(n, "down", "--volumes");
        await stack.Pm2Async("ping");
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(First, _many).Select(n => stack.ComposeAsync(n, "up", "-d")));
        foreach (var n in Enumerable.Range(First, _many))
            await stack.Pm2Async("start", stack.EcosystemOf(n));
        await Task.WhenAll(Enumerable.Range(First, _many).Select(n => SampleStack.AwaitBackendAsync(n, begun)));
        var bare = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        await stack.Pm2Async("delete", "all");
        foreach (var n in Enumerable.Range(First, _many))
            await stack.ComposeAsync(n, "down", "--volumes");
        Add($"{_many} instances from nothing, ms; {_many} of `docker compose up -d` and `pm2 start`", [shared], [bare], 0.3);
        Add($"memory of the containers of {_many} instances, MB; with their own", [memory], [ownMemory], 0.25);
        Add($"containers of {_many} instances; with their own", [containers], [ownContainers], 0.25);
    }

    /// <summary>The memory, in MB, and the number of the containers of projects.</summary>
    private static async Task<(double Megabytes, double Count)> SizeAsync(SampleStack stack, IReadOnlyList<string> projects)
    {
        var containers = new List<string>();
        foreach (var project in projects)
            containers.AddRange(await stack.ContainersAsync(project));
        var used = await stack.DockerAsync(["stats", "--no-stream", "--format", "{{.MemUsage}}", .. containers]);
        return (used.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(l => Megabytes(l.Split('/')[0].Trim())), containers.Count);
    }

    private static double Megabytes(string text)
    {
        var number = double.Parse(text.TrimEnd('B', 'i', 'K', 'M', 'G', 'k'), CultureInfo.InvariantCulture);
        return text switch
        {
            [.., 'G', 'i', 'B'] or [.., 'G', 'B'] => number * 1024,
            [.., 'M', 'i', 'B'] or [.., 'M', 'B'] => number,
            [.., 'K', 'i', 'B'] or [.., 'k', 'B'] => number / 1024,
            _ => 0,
        };
    }

    private void Add(string what, List<double> ours, List<double> other, double limit) =>
        _rows.Add(new SpeedRow(what, Command.Median(ours), Command.Median(other), string.Create(CultureInfo.InvariantCulture, $"≤ {limit}"), limit));
}
