using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Which instance a command is for.</summary>
[Collection(Newcomer.LowNumbers.Name)]
public sealed class InstanceChoiceTests : Scenario
{
    [Fact]
    public async Task The_option_comes_before_the_variable_the_variable_before_the_file_and_the_file_before_zero()
    {
        var workspace = await CreateWorkspaceAsync();

        await MeansAsync(0);
        (await workspace.RunAsync("UseInstance", "--instance", "3")).Expect(0);
        Assert.Equal("3", (await File.ReadAllTextAsync(workspace.PathOf(".shipsec-instance"), Cancellation)).Trim());
        await MeansAsync(3);
        workspace.Environment["SHIPSEC_INSTANCE"] = "4";
        await MeansAsync(4);
        await MeansAsync(5, "--instance", "5");

        workspace.Environment["SHIPSEC_INSTANCE"] = "four";
        (await workspace.RunAsync("ProjectName")).Expect(2).ExpectError("SHIPSEC_INSTANCE", "'four'");
        workspace.Environment.Remove("SHIPSEC_INSTANCE");
        workspace.Write(".shipsec-instance", "three");
        (await workspace.RunAsync("ProjectName")).Expect(2).ExpectError(".shipsec-instance", "'three'");

        async Task MeansAsync(int number, params string[] options) => Assert.Equal(
            $"{workspace.StackName}-dev-{number}\n", (await workspace.RunAsync(["ProjectName", .. options])).Expect(0).Output);
    }

    [Fact]
    public async Task Numbers_whose_ports_would_meet_are_refused_with_the_port()
    {
        var workspace = await CreateWorkspaceAsync();
        (await workspace.RunAsync("InitInstance", "--instance", "0")).Expect(0);

        var beside = await workspace.RunAsync("InitInstance", "--instance", "18");
        var together = await workspace.RunAsync("InitInstance", "--instance", "1,19");

        beside.Expect(2).ExpectError("18", "instance 0", "7233");
        together.Expect(2).ExpectError("1 and 19", "7333");
        Assert.Equal(["instance-0"], Directory.GetDirectories(workspace.PathOf(".instances"), "instance-*").Select(d => Path.GetFileName(d)));
    }

    [Fact]
    public async Task All_are_cleaned_only_with_a_yes()
    {
        var workspace = await CreateWorkspaceAsync();
        (await workspace.RunAsync("InitInstance", "--instance", "0,2")).Expect(0);

        (await workspace.RunAsync("Clean", "--instance", "all")).Expect(2).ExpectError("--yes");
        Assert.Equal(2, Directory.GetDirectories(workspace.PathOf(".instances"), "instance-*").Length);

        (await workspace.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Empty(Directory.GetDirectories(workspace.PathOf(".instances"), "instance-*"));
    }

    [Fact]
    public async Task Without_another_name_instances_have_those_of_the_specification()
    {
        var workspace = await CreateWorkspaceAsync();
        string[] where = ["--workspace", workspace.Folder];

        var project = (await workspace.Build.RunAsync(["ProjectName", "--instance", "2", .. where])).Expect(0);
        var info = (await workspace.Build.RunAsync(["Info", "--instance", "2", "--json", .. where])).Expect(0);

        Assert.Equal("shipsec-dev-2\n", project.Output);
        var apps = info.Json["instances"]![0]!["apps"]!.AsArray();
        Assert.Equal(
            ["shipsec-backend-2", "shipsec-frontend-2", "shipsec-worker-2"], apps.Select(a => (string)a!["processName"]!).Order());
        Assert.All(apps, a => Assert.Equal("shipsec-dev-2", (string)a!["variables"]!["TEMPORAL_NAMESPACE"]!));
    }
}
