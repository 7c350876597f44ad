using InstanceKit;
using InstanceKit.Reconcile;
using InstanceKit.Tests;
using InstanceKit.Verbs;
using Output;
using Cli;
using Xunit;

namespace Build.Tests.Rendering;

/// <summary>The shapes that scripts rely on: a change here is a change of the schema's version.</summary>
public sealed class JsonOutputTests
{
    [Fact]
    public void Status() => Verify(StatusDocument.Of(Specimens.Workspace, [Specimens.Troubled(1)], Specimens.Now));

    [Fact]
    public void Operations() => Verify(new OperationDocument
    {
        Command = "Up",
        Workspace = Specimens.Workspace,
        DryRun = false,
        ExitCode = 4,
        Instances =
        [
            OperationEntry.Of(Specimens.Report(1, Outcome.Done, Specimens.FirstUp) with
            {
                Notes = ["A note."],
                Diffs = [FileDiff.Between("backend.env", "A=mine", "A=1", null)],
            }, Specimens.Now),
            OperationEntry.Of(Specimens.Failed(2, ExitCode.PortTaken), Specimens.Now),
        ],
    });

    [Fact]
    public void Info() => Verify(InfoDocument.Of(Specimens.Workspace, [Specimens.Info(1)]));

    [Fact]
    public void Ports() => Verify(PortsDocument.Of([Specimens.Info(1), Specimens.Info(2)]));

    [Fact]
    public void Audit() => Verify(AuditDocument.Of(Specimens.Workspace, ExitCode.NotReady, [Specimens.Audit(1), Specimens.Audit(2) with { Mentions = [] }]));

    [Fact]
    public void Environments() => Verify(EnvironmentDocument.Of(
    [
        new InstanceEnvironment(Specimens.Spec(1), "backend", [new("DATABASE_URL", "postgresql://it's:5533")]),
        new InstanceEnvironment(Specimens.Spec(2), null, []),
    ]));

    [Fact]
    public void Endpoints() => Verify(EndpointsDocument.Of([(Specimens.Spec(1), EndpointChoice.Of(Specimens.Info(1), ["backend"]).Shown)]));

    [Fact]
    public void Projects() => Verify(ProjectDocument.Of([Specimens.Spec(1), Specimens.Spec(2)]));

    [Fact]
    public void Log_lines_are_one_document_a_line() => Assert.Equal(
        """{"instance":1,"source":"backend","timestamp":"2026-11-24T22:15:00Z","isError":true,"text":"it's \"over\" – ende"}""",
        JsonOutput.ToLine(LogLineDocument.Of(new InstanceLogLine(1, "backend", Specimens.Now, true, "it's \"over\" – ende"))));

    private static void Verify<T>(T document, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var writer = new StringWriter { NewLine = "\n" };
        JsonOutput.Write(writer, document);
        Snapshot.Verify(writer.ToString(), "json", testMethod: name);
    }
}
