using Bench;

if (args is not ["init"] and not ["init", "--quick"])
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project bench -- init [--quick]

          init     how long InitInstance takes, cold and unchanged, and how many programs it runs; prints a Markdown table
          --quick  few instances and one run of each: shows that the measurement works, not how long anything takes
        """);
    return 2;
}

// Nothing of the person's own machine-wide state is read or written.
var state = Directory.CreateTempSubdirectory("ik-bench-");
Environment.SetEnvironmentVariable("XDG_STATE_HOME", state.FullName);
try
{
    await new InitBenchmark(args.Contains("--quick"), Console.Error).RunAsync(Console.Out);
    return 0;
}
finally
{
    state.Delete(recursive: true);
}
