using InstanceKit.IntegrationTests.Support;
using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>What is done to one of three instances leaves the others alone.</summary>
public sealed class OneOfThreeTests(StudioFixture studio) : StudioScenario(studio)
{
    [Fact]
    public async Task A_second_Up_changes_nothing_one_goes_down_and_comes_back_one_is_cleaned_and_at_last_all_go_down()
    {
        Studio.WillChange();
        await ASecondUpChangesNothingAsync();
        await OneGoesDownAndComesBackAsync(Studio.B, [Studio.A, Studio.C]);
        await OneIsCleanedAsync(Studio.C, [Studio.A, Studio.B]);
        await AllGoDownAsync([Studio.A, Studio.B]);
    }

    private async Task ASecondUpChangesNothingAsync()
    {
        var before = await FingerprintsAsync(Studio.All);

        var json = (await Studio.Workspace.RunAsync("Up", "--instance", Studio.Numbers, "--json")).Expect(0);
        var text = (await Studio.Workspace.RunAsync("Up", "--instance", $"{Studio.A.Number}")).Expect(0);

        Assert.All(Studio.All, i => Assert.Equal("unchanged", json.OutcomeOf(i)));
        Assert.All(Studio.All, i => Assert.Empty(json.OperationsOf(i)));
        Assert.Contains("already", text.Output, StringComparison.Ordinal);
        Assert.Equal(before, await FingerprintsAsync(Studio.All));
    }

    private async Task OneGoesDownAndComesBackAsync(TestInstance one, TestInstance[] others)
    {
        var workspace = Studio.Workspace;
        await workspace.WriteNoteAsync(one, "still there");
        var before = await FingerprintsAsync(others);

        var down = await workspace.RunJsonAsync(0, "Down", one);

        Assert.Equal("done", down.OutcomeOf(one));
        Assert.Empty(await one.ContainersAsync());
        Assert.Empty(await one.ProcessesAsync());
        Assert.Empty(await TestEngine.NetworksAsync(one.Project));
        Assert.Equal(6, (await TestEngine.VolumesAsync(one.Project)).Count);
        Assert.True(File.Exists(one.FileOf("backend.env")));
        Assert.Equal(before, await FingerprintsAsync(others));
        foreach (var other in others)
            await new IdentityProof(workspace, other).HoldsAsync();

        var status = (await workspace.RunAsync("Status", "--instance", Studio.Numbers, "--json")).Expect(0);
        Assert.Equal("stopped", (string)status.Of(one)["readiness"]!);
        Assert.All(others, o => Assert.True((bool)status.Of(o)["ready"]!));

        await workspace.RunJsonAsync(0, "Up", one);

        Assert.Contains("still there", await workspace.ReadNotesAsync(one));
        await new IdentityProof(workspace, one).HoldsAsync();
        Assert.Equal(before, await FingerprintsAsync(others));
    }

    private async Task OneIsCleanedAsync(TestInstance one, TestInstance[] others)
    {
        var workspace = Studio.Workspace;
        foreach (var instance in Studio.All)
            await workspace.WriteNoteAsync(instance, "before the cleaning");
        var before = await FingerprintsAsync(others);

        var clean = await workspace.RunJsonAsync(0, "Clean", one);

        Assert.Equal("done", clean.OutcomeOf(one));
        Assert.Equal("", await one.FingerprintAsync());
        Assert.False(Directory.Exists(one.Folder));
        Assert.Equal(before, await FingerprintsAsync(others));
        foreach (var other in others)
        {
            Assert.True(File.Exists(other.FileOf("backend.env")));
            Assert.Contains("before the cleaning", await workspace.ReadNotesAsync(other));
            await new IdentityProof(workspace, other).HoldsAsync();
        }

        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Clean", one)).OutcomeOf(one));
    }

    private async Task AllGoDownAsync(TestInstance[] all)
    {
        var down = (await Studio.Workspace.RunAsync("Down", "--instance", "all", "--json")).Expect(0);
        var status = (await Studio.Workspace.RunAsync("Status", "--instance", "all", "--json")).Expect(0);

        foreach (var instance in all)
        {
            Assert.Equal("done", down.OutcomeOf(instance));
            Assert.Empty(await instance.ContainersAsync());
            Assert.Empty(await instance.ProcessesAsync());
            Assert.NotEmpty(await TestEngine.VolumesAsync(instance.Project));
            Assert.Equal("stopped", (string)status.Of(instance)["readiness"]!);
        }
    }

    private static async Task<string> FingerprintsAsync(IEnumerable<TestInstance> instances)
    {
        var texts = new List<string>();
        foreach (var instance in instances)
            texts.Add(await instance.FingerprintAsync());
        return string.Join("\n\n", texts);
    }
}
