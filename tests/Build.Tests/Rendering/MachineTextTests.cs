using InstanceKit.Stacks;
using InstanceKit.Tests;
using InstanceKit.Verbs;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class MachineTextTests
{
    private static readonly MachineSurvey Survey = new(
    [
        new()
        {
            Number = 0, Project = "shipsec-dev-0", Workspace = "/home/ann/studio", Branch = "main", State = MachineState.Running,
            Running = 9, Containers = 10, AppsOnline = 3, Created = Specimens.Now.AddHours(-3),
        },
        new()
        {
            Number = 1, Project = "shipsec-dev-1", Workspace = "/home/ann/studio-fix", Branch = "fix/login", State = MachineState.FilesOnly,
            Running = 0, Containers = 0, AppsOnline = 0, Created = Specimens.Now.AddSeconds(-5), IsAuto = true,
        },
        new()
        {
            Number = 2, Project = "shipsec-dev-2", Workspace = "/tmp/gone", State = MachineState.Stopped,
            Running = 0, Containers = 1, Created = Specimens.Now.AddDays(-2), IsOrphaned = true, Remark = "its workspace no longer exists",
        },
    ], ["The Docker engine is a specimen."]);

    [Fact]
    public void Shows_one_instance_a_row()
    {
        var paper = Paper.File();
        new MachineText(paper.Output.Data).Write(Survey, Specimens.Now);
        Snapshot.Verify(paper.Data, "txt");
    }

    [Fact]
    public void Marks_the_shared_infrastructure_and_who_uses_it()
    {
        var paper = Paper.File();
        new MachineText(paper.Output.Data).Write(new MachineSurvey(
        [
            Survey.Instances[0] with { Project = "shipsec-dev-shared", Containers = 9 },
            Survey.Instances[0] with { Mode = InfraMode.Own },
            Survey.Instances[0] with { Number = 3, Project = "shipsec-dev-3", Mode = InfraMode.Shared, Running = 0, Containers = 0 },
        ], []), Specimens.Now);

        Assert.Equal(
            ["INSTANCE PROJECT INFRA STATE", "shared shipsec-dev-shared - running", "0 shipsec-dev-0 own running", "3 shipsec-dev-3 shared running"],
            paper.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(' ', l.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Take(4))));
        Assert.EndsWith("running, 3 apps", paper.Data.Split('\n')[3].Split("  3h")[0].TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_there_is_none()
    {
        var paper = Paper.File();
        new MachineText(paper.Output.Data).Write(new MachineSurvey([], []), Specimens.Now);
        Assert.Equal("There are no instances on this machine.\n", paper.Data);
    }

    [Fact]
    public void Machine()
    {
        var writer = new StringWriter { NewLine = "\n" };
        JsonOutput.Write(writer, MachineDocument.Of(Survey, Specimens.Now));
        Snapshot.Verify(writer.ToString(), "json");
    }
}
