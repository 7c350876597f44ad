using System.Net.Http.Json;
using BlackBox;
using InstanceKit.Infra;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Newcomer;

/// <summary>A newcomer clones the repository and types what the README says, first without Docker and without rights.</summary>
[Collection(LowNumbers.Name)]
public sealed class NewcomerTests
{
    private const int Frontend = 5173;
    private const int Backend = 3211;

    [Fact]
    public async Task The_READMEs_first_command_ends_with_the_page_in_the_browser()
    {
        Browser.Require();
        RequireFree(1, 2, 3);
        var command = FreshMachine.CommandsOf(await File.ReadAllTextAsync(Repository.PathOf("README.md"), TestContext.Current.CancellationToken))[0];
        Assert.Equal("./build.sh Up --instance 1", command);

        await using var machine = await FreshMachine.CreateAsync(asNobody: true, withEngine: false);
        var up = await machine.RunAsync(command);
        Assert.Contains("Using embedded infrastructure instead", up, StringComparison.Ordinal);
        await ShowsNoteAsync(1, "embedded", "of somebody without rights");
        await TakeDownAsync(machine);

        // The same as root, and three at once; what was downloaded and compiled is there already.
        await using var second = await FreshMachine.CreateAsync(asNobody: false, withEngine: false, caches: machine, compiled: machine.Clone);
        await second.RunAsync("./build.sh Up --instance 1,2,3");
        foreach (var number in new[] { 1, 2, 3 })
            await ShowsNoteAsync(number, "embedded", $"of instance {number}");
        await TakeDownAsync(second);
    }

    [Fact]
    public async Task With_an_engine_and_no_registry_the_first_command_shows_the_page_and_how_to_use_containers()
    {
        Browser.Require();
        await Support.TestEngine.RequireAsync();
        RequireFree(1);
        await using var machine = await FreshMachine.CreateAsync(asNobody: false, withEngine: true, compiled: Repository.Root);

        var up = await machine.RunAsync("./build.sh Up --instance 1");
        Assert.Contains("can neither be pulled nor found", up, StringComparison.Ordinal);
        await ShowsNoteAsync(1, "embedded", "of a process");
        await machine.RunAsync("./build.sh Down --instance 1");

        var refused = await machine.RunAsync("./build.sh Up --instance 1 --infra compose", exitCode: 3);
        Assert.Contains("--infra embedded", refused, StringComparison.Ordinal);
        Assert.Contains("LocalImages", refused, StringComparison.Ordinal);

        await machine.RunAsync("./build.sh LocalImages");
        await machine.RunAsync("./build.sh Up --instance 1 --infra compose");
        await ShowsNoteAsync(1, "compose", "of a container");
        await TakeDownAsync(machine);
    }

    private static async Task ShowsNoteAsync(int number, string infra, string note)
    {
        using var client = new HttpClient();
        var answer = await client.PostAsJsonAsync(
            new Uri($"http://127.0.0.1:{Backend + (number * 100)}/notes"), new { text = note }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();

        await Browser.SeeAsync(
            $"http://127.0.0.1:{Frontend + (number * 100)}/",
            $"instance {number}", note, "the Redis counter says 1", $"Infrastructure {infra}");
    }

    private static async Task TakeDownAsync(FreshMachine machine)
    {
        await machine.RunAsync("./build.sh Status --instance 1");
        Assert.Contains("backend", await machine.RunAsync("./build.sh Logs --instance 1 --tail 3"), StringComparison.Ordinal);
        await machine.RunAsync("./build.sh Down --instance 1");
        await machine.RunAsync("./build.sh Clean --instance all --yes");
        Assert.Empty(machine.Running());
        Assert.Equal("", await machine.RunAsync("git status --porcelain"));
        Assert.Empty(PortProbe.Probe([Frontend + 100, Backend + 100, 5533, 6479]));
        Assert.DoesNotContain("shipsec-dev-", await machine.RunAsync("./build.sh List"), StringComparison.Ordinal);
    }

    // The README's command has its own number, and somebody at this machine may work with it.
    private static void RequireFree(params int[] numbers)
    {
        var taken = PortProbe.Probe(numbers.SelectMany(n => new[] { Frontend, Backend, 5433, 6379, 9000 }.Select(p => p + (n * 100))));
        if (taken.Count == 0)
            return;
        Assert.False(Requires.IsStrict, $"Port {taken[0].Port} is in use.");
        Assert.Skip($"Instance {string.Join(", ", numbers)} of this machine is in use: port {taken[0].Port}.");
    }
}
