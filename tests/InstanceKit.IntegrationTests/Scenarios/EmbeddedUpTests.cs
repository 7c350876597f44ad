using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The sample where no Docker engine answers.</summary>
public sealed class EmbeddedUpTests
{
    [Fact]
    public async Task Sample_runs_without_an_engine_keeps_its_data_and_leaves_nothing()
    {
        await using var workspace = await StudioWorkspace.CreateAsync();
        var instance = workspace.TakeInstance();
        workspace.Environment["DOCKER_HOST"] = $"unix://{workspace.Root}/dead.sock";
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(workspace.Root, File.GetUnixFileMode(workspace.Root)
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute); // for the account that PostgreSQL runs under
        }

        var up = await workspace.RunAsync("Up", "--instance", $"{instance.Number}");
        up.Expect(0);
        Assert.Contains("Embedded infrastructure is used; --infra compose insists.", up.Errors, StringComparison.Ordinal);
        await workspace.WriteNoteAsync(instance, "kept");

        (await workspace.RunAsync("Down", "--instance", $"{instance.Number}")).Expect(0);
        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0);
        Assert.Contains("kept", await workspace.ReadNotesAsync(instance));
        (await workspace.RunAsync("Logs", "--instance", $"{instance.Number}", "--only", "postgres")).Expect(0);

        (await workspace.RunAsync("Clean", "--instance", $"{instance.Number}")).Expect(0);
        Assert.False(Directory.Exists(instance.Folder));
    }
}
