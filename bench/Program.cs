using Bench;

string[] names = ["speed", "many", "logs", "init", "audit", "newcomer", "floor", "shared"];
var isQuick = args.Contains("--quick");
int? runs = Array.IndexOf(args, "--runs") is > 0 and var place && place + 1 < args.Length && int.TryParse(args[place + 1], out var count) && count > 0 ? count : null;
var plot = Array.IndexOf(args, "--plot") is > 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
if (args is not [var name, ..] || !names.Contains(name) || args.Length != 1 + (isQuick ? 1 : 0) + (plot is null ? 0 : 2) + (runs is null ? 0 : 2)
    || (runs is not null && name != "speed"))
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project bench -- speed|many|floor|shared|logs|init|audit|newcomer [--quick] [--runs N] [--plot FILE]

          speed        compares the everyday verbs with the bare commands of Compose and PM2
          many         measures how time, memory, threads and processes grow with the number of instances
          floor        compares Up with the time that the engine and the backend need, and prints its timeline
          shared       compares instances on shared infrastructure with those that have their own
          logs         measures the cost of following the logs of ten idle instances
          init         measures InitInstance, cold and unchanged, and counts the programs it runs
          audit        measures Audit of many source files, cold and unchanged
          newcomer     measures the time from a clone to the page, and the disk space, without and with Docker
          --quick      few instances and one run of each: a check of the benchmark, not a measurement
          --runs N     how often speed runs Up, Down and Clean; default is 11
          --plot FILE  also draws the ratios of speed, many, shared or logs, or the timeline of floor, as an SVG file

        Each prints a Markdown table.
        """);
    return 2;
}

// No background compilation during a measurement. A newcomer has no native program yet.
if (Environment.GetEnvironmentVariable("BuildNative") is null)
    Environment.SetEnvironmentVariable("BuildNative", name == "newcomer" ? "made" : "now");
await (name switch
{
    "speed" => new SpeedBenchmark(isQuick, runs, Console.Error).RunAsync(Console.Out, plot),
    "many" => new ManyBenchmark(isQuick, Console.Error).RunAsync(Console.Out, plot),
    "floor" => new FloorBenchmark(isQuick, Console.Error).RunAsync(Console.Out, plot),
    "shared" => new SharedBenchmark(isQuick, Console.Error).RunAsync(Console.Out, plot),
    "logs" => new LogsBenchmark(isQuick, Console.Error).RunAsync(Console.Out, plot),
    "audit" => new AuditBenchmark(isQuick, Console.Error).RunAsync(Console.Out),
    "init" => new InitBenchmark(isQuick, Console.Error).RunAsync(Console.Out),
    _ => new NewcomerBenchmark(isQuick, Console.Error).RunAsync(Console.Out),
});
return 0;
