using Bench;

if (args is not ["init" or "newcomer"] and not ["init" or "newcomer", "--quick"])
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project bench -- init|newcomer [--quick]

          init      how long InitInstance takes, cold and unchanged, and how many programs it runs
          newcomer  how long it takes from a clone to the page, without Docker and with it, and what that takes on the disk
          --quick   few instances and one run of each: shows that the measurement works, not how long anything takes

        Each prints a Markdown table.
        """);
    return 2;
}

await (args[0] == "init"
    ? new InitBenchmark(args.Contains("--quick"), Console.Error).RunAsync(Console.Out)
    : new NewcomerBenchmark(args.Contains("--quick"), Console.Error).RunAsync(Console.Out));
return 0;
