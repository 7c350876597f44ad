using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>What <c>Up</c> tells a person beside its outcome.</summary>
public sealed class UpNotesTests : Scenario
{
    private const string Edited = "backend.env was edited and is kept";
    private const string Ignored = "is not part of the stack and is not started";
    private const string Open = "App frontend listens on all interfaces";

    [Fact]
    public async Task Each_note_is_shown_once_and_not_again_when_nothing_about_it_changed()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack
        {
            Frontend = TinyStack.Server.Replace("'127.0.0.1'", "'0.0.0.0'", StringComparison.Ordinal),
        });
        var instance = workspace.TakeInstance();
        var config = await File.ReadAllTextAsync(workspace.PathOf("pm2.config.cjs"), Cancellation);
        workspace.Write("pm2.config.cjs", config.Replace("'worker']", "'worker', 'extra']", StringComparison.Ordinal));

        var first = await UpAsync();
        Assert.Equal((0, 1, 1), (Count(first, Edited), Count(first, Ignored), Count(first, Open)));

        await File.AppendAllTextAsync(instance.FileOf("backend.env"), "MINE=1\n", Cancellation);
        var second = await UpAsync();
        Assert.Equal((1, 0, 0), (Count(second, Edited), Count(second, Ignored), Count(second, Open)));

        workspace.Write("pm2.config.cjs", config.Replace("'worker']", "'worker', 'another']", StringComparison.Ordinal));
        var third = await UpAsync();
        Assert.Equal((1, 1, 0), (Count(third, Edited), Count(third, Ignored), Count(third, Open)));

        async Task<string> UpAsync() => (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0).Errors;
    }

    private static int Count(string text, string part) => text.Split('\n').Count(l => l.Contains(part, StringComparison.Ordinal));
}
