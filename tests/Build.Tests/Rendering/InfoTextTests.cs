using InstanceKit;
using InstanceKit.Tests;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class InfoTextTests
{
    [Fact]
    public void Shows_names_ports_and_variables()
    {
        var paper = Paper.Terminal(100);
        new InfoText(paper.Output.Data).Write([Specimens.Info(1)]);

        Snapshot.Verify(paper.Data, "txt");
    }

    [Fact]
    public void An_audit_names_what_is_unknown_first()
    {
        var paper = Paper.Terminal(100);
        new AuditText(paper.Output.Data).Write([Specimens.Audit(1), Specimens.Audit(2) with { Mentions = [] }]);

        Snapshot.Verify(paper.Data, "txt");
    }

    [Fact]
    public void Ports_are_lines_that_a_shell_can_evaluate()
    {
        var writer = new StringWriter { NewLine = "\n" };
        PortsText.Write(writer, [Specimens.Info(1)]);

        Assert.StartsWith("FRONTEND=5273\nBACKEND=3311\nTEMPORAL_CLIENT=7333\n", writer.ToString(), StringComparison.Ordinal);
        Assert.All(writer.ToString().TrimEnd('\n').Split('\n'), line => Assert.Matches("^[A-Z_0-9]+=[0-9]+$", line));
    }

    [Fact]
    public void Ports_of_several_instances_are_refused_before_anything_is_written()
    {
        var writer = new StringWriter();

        var error = Assert.Throws<InstanceKitException>(() => PortsText.Write(writer, [Specimens.Info(1), Specimens.Info(2)]));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("--json", error.Remedy, StringComparison.Ordinal);
        Assert.Empty(writer.ToString());
    }
}
