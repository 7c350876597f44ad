using System.Runtime.CompilerServices;
using Build.Tests.Rendering;
using InstanceKit;
using InstanceKit.Reconcile;
using InstanceKit.Tests;
using InstanceKit.Verbs;
using Output;
using Cli;
using Xunit;

namespace Build.Tests.Schemas;

/// <summary>Documents of the kinds that no other test has an example of.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Stats() => Verify(StatsDocument.Of(Specimens.Workspace, [Specimens.Ready(1)], Specimens.Now));

    [Fact]
    public void Connections() => Verify(ConnectionsDocument.Of(Specimens.Workspace, ConnectionsTextTests.Looks, Specimens.Now));

    [Fact]
    public void Logs() => Verify(LogLineDocument.Of(new InstanceLogLine(1, "backend", Specimens.Now, true, "it's \"over\" – ende")));

    [Fact]
    public void Error() => Verify(ErrorDocument.Of(InstanceKitException.Usage("--instance 'abc' is not a number.", "Use a number.")));

    [Fact]
    public void Up() => Verify(new OperationDocument
    {
        Command = "Up", Workspace = Specimens.Workspace, DryRun = false, ExitCode = 0,
        Instances = [OperationEntry.Of(Specimens.Report(1, Outcome.Done) with { Status = Specimens.Ready(1) }, Specimens.Now)],
    });

    [Fact]
    public void Orphans() => Verify(new OrphansDocument
    {
        DryRun = true,
        ExitCode = 0,
        Orphans =
        [
            OrphanEntry.Of(new OrphanReport(
                new MachineInstance
                {
                    Number = 2, Project = "shipsec-dev-2", Workspace = "/tmp/gone", State = MachineState.Stopped, IsOrphaned = true, Remark = "its workspace no longer exists",
                },
                Specimens.Report(2, Outcome.Planned, Specimens.FirstUp)), Specimens.Now),
        ],
    });

    [Fact]
    public void ExplainedPorts() => Verify(PortsDocument.Explain([Specimens.Info(1)]));

    [Fact]
    public void UseInstance() => Verify(new ActiveInstanceDocument(JsonOutput.SchemaVersion, Specimens.Workspace, 2));

    [Fact]
    public void InitStack() => Verify(StackFileDocument.Of(new StackFileReport(
        Specimens.Workspace, $"{Specimens.Workspace}/instancekit.yml", "name: studio\n", IsWritten: true)));

    [Fact]
    public void LocalImages() => Verify(LocalImagesDocument.Of(new LocalImagesReport(
        Specimens.Workspace, $"{Specimens.Workspace}/.env", true, [], [new LocalImage("REDIS_IMAGE", "shipsec-build.local/redis:1", IsMade: true)])));

    private static void Verify<T>(T document, [CallerMemberName] string name = "")
    {
        var writer = new StringWriter { NewLine = "\n" };
        JsonOutput.Write(writer, document);
        Snapshot.Verify(writer.ToString(), "json", testMethod: name);
    }
}
