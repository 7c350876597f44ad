using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Corpus;

/// <summary>What the tests without Compose take for its word is still what it says.</summary>
public sealed class RecordingTests
{
    private static readonly ComposeClient Compose = new();

    [Fact]
    public async Task Compose_makes_of_every_case_what_is_recorded()
    {
        await RequireComposeAsync();
        using var folder = CorpusFolder.OfAll();
        var differing = new List<string>();
        await Parallel.ForEachAsync(folder.Names, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (name, cancellation) =>
        {
            var spec = new InstanceSpec(CorpusStack.Of(name, folder.PathOf(name)), folder.PathOf(name), 1);
            Directory.CreateDirectory(spec.Paths.Directory);
            File.Copy(folder.PathOf(name, "override.golden.yml"), spec.Paths.Override);
            foreach (var (file, withOverride) in new[] { ("model.json", false), ("merged.json", true) })
            {
                var said = (await Compose.ReadModelAsync(spec, withOverride, cancellation)).Replace(spec.Workspace, CorpusStack.Workspace, StringComparison.Ordinal);
                if (Differs(await File.ReadAllTextAsync(folder.PathOf(name, file), cancellation), said) is { } difference)
                {
                    lock (differing)
                        differing.Add($"{name}/{file}: {difference}");
                }
            }
        });
        Assert.True(differing.Count == 0, $"Run tests/InstanceKit.Tests/Compose/record.sh and review:\n{string.Join('\n', differing)}");
    }

    /// <summary>Compared as models, since versions of Compose print the same one differently.</summary>
    private static string? Differs(string recorded, string said)
    {
        var difference = Record.Exception(() => Assert.Equivalent(
            ComposeModelReader.Read(recorded) with { Fingerprint = "" }, ComposeModelReader.Read(said) with { Fingerprint = "" }, strict: true));
        return difference?.Message.Split('\n')[0];
    }

    private static async Task RequireComposeAsync()
    {
        try
        {
            await Compose.RequireVersionAsync(TestContext.Current.CancellationToken);
        }
        catch (InstanceKitException e) when (!Requires.IsStrict)
        {
            Assert.Skip(e.Message);
        }
    }
}
