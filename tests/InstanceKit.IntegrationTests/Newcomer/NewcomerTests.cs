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
    public async Task The_READMEs_first_command_shows_the_page_without_Docker_without_a_registry_and_with_containers()
    {
        Browser.Require();
        RequireFree();
        var command = FreshMachine.CommandsOf(await File.ReadAllTextAsync(Repository.PathOf("README.md"), TestContext.Current.CancellationToken))[0];
        Assert.Equal("./build.sh Up --instance 1", command);

        await using var machine = await FreshMachine.CreateAsync(asNobody: true, withEngine: false);
        var up = await machine.RunAsync(command);
        Assert.Contains("Using embedded infrastructure instead", up, StringComparison.Ordinal);
        await ShowsNoteAsync("embedded", "of somebody without rights");
        await TakeDownAsync(machine);

        // The same as root; what was downloaded and compiled is there already.
        await Support.TestEngine.RequireAsync();
        await using var second = await FreshMachine.CreateAsync(asNobody: false, withEngine: true, like: machine);
        up = await second.RunAsync(command);
        Assert.Contains("can neither be pulled nor found", up, StringComparison.Ordinal);
        await ShowsNoteAsync("embedded", "of a process");
        await second.RunAsync("./build.sh Down --instance 1");

        var refused = await second.RunAsync($"{command} --infra compose", exitCode: 3);
        Assert.Contains("--infra embedded", refused, StringComparison.Ordinal);
        Assert.Contains("LocalImages", refused, StringComparison.Ordinal);

        await second.RunAsync("./build.sh LocalImages");
        await second.RunAsync($"{command} --infra compose");
        await ShowsNoteAsync("compose", "of a container");
        await TakeDownAsync(second);
    }

    private static async Task ShowsNoteAsync(string infra, string note)
    {
        using var client = new HttpClient();
        var answer = await client.PostAsJsonAsync(
            new Uri($"http://127.0.0.1:{Backend + 100}/notes"), new { text = note }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();

        await Browser.SeeAsync(
            $"http://127.0.0.1:{Frontend + 100}/",
            "instance 1", note, "the Redis counter says 1", $"Infrastructure {infra}");
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
    private static void RequireFree()
    {
        var taken = PortProbe.Probe(new[] { Frontend, Backend, 5433, 6379, 9000 }.Select(p => p + 100));
        if (taken.Count == 0)
            return;
        Assert.False(Requires.IsStrict, $"Port {taken[0].Port} is in use.");
        Assert.Skip($"Instance 1 of this machine is in use: port {taken[0].Port}.");
    }
}
