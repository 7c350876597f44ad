using InstanceKit.Doctor;
using InstanceKit.Platform;
using InstanceKit.Tests;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class DiagnosisTextTests
{
    private static readonly DiagnosisFacts Facts = new()
    {
        System = new HostSystem(SystemFamily.Debian, IsAdministrator: false),
        Sdk = new ProgramFact("10.0.401") { Needed = "10.0.100 or newer (global.json)" },
        Node = new ProgramFact(null, new Version(18, 0), "not found on PATH"),
        Npm = new ProgramFact("10.8.2"),
        Compose = new ProgramFact("2.20.0", new Version(2, 24, 4)),
        Git = new ProgramFact("2.43.0"),
        Engine = new EngineFact("27.1.0", null) { IsInstalled = true, Root = "/var/lib/docker", FreeStorage = 80L << 30 },
        Workspace = "/home/ann/studio",
        Instances =
        [
            new InstanceFact(1, null,
                [new(5273, "FRONTEND", PortHolder.Other, "process node (123)"), new(5533, "POSTGRES", PortHolder.Instance), new(6479, "REDIS", PortHolder.Nobody)]),
        ],
        Providers = [new("postgres", "PostgreSQL 16.14, fetched", "Docker or 'postgres'"), new("temporal", null, "Docker or 'temporal'")],
        Memory = new MemoryFact(16L << 30, 9L << 30) { Instances = 2, Running = 1 },
        FileWatches = 8192,
    };

    [Fact]
    public void Shows_a_line_for_each_check_and_then_what_to_do() => Snapshot.Verify(Show(Paper.File(), Facts), "txt");

    [Fact]
    public void Fits_100_columns_and_never_wraps_a_command() => Snapshot.Verify(Show(Paper.Terminal(100), Facts), "txt");

    [Fact]
    public void Says_when_there_is_nothing_to_do()
    {
        var facts = Facts with
        {
            Node = new ProgramFact("22.5.1"), Compose = new ProgramFact("2.29.1"), Instances = [], FileWatches = null,
        };
        Assert.EndsWith("\n\n✔ All requirements are met.\n", Show(Paper.File(), facts), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings()
    {
        var writer = new StringWriter { NewLine = "\n" };
        JsonOutput.Write(writer, DiagnosisDocument.Of(Facts, Diagnosis.Of(Facts)));
        Snapshot.Verify(writer.ToString(), "json");
    }

    private static string Show(Paper paper, DiagnosisFacts facts)
    {
        new DiagnosisText(paper.Output.Data).Write(Diagnosis.Of(facts));
        return paper.Data;
    }
}
