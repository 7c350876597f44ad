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

await new InitBenchmark(args.Contains("--quick"), Console.Error).RunAsync(Console.Out);
return 0;
