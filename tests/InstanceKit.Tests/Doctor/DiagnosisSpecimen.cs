using InstanceKit.Doctor;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Tests.Doctor;

/// <summary>A machine on which everything is there.</summary>
internal static class DiagnosisSpecimen
{
    public const long Gibi = 1L << 30;

    public static DiagnosisFacts Healthy { get; } = new()
    {
        System = new HostSystem(SystemFamily.Ubuntu, IsAdministrator: false),
        Sdk = new ProgramFact("10.0.401") { Needed = "10.0.100 or newer (global.json)" },
        Node = new ProgramFact("22.5.1", new Version(18, 0)),
        Npm = new ProgramFact("10.8.2"),
        Compose = new ProgramFact("2.29.1", new Version(2, 24, 4)),
        Git = new ProgramFact("2.43.0"),
        Pm2 = "7.0.4",
        Packages = new PackagesFact(new PackageManager("npm", "package-lock.json", ["ci"]) { Path = "/usr/bin/npm" }, null),
        Engine = new EngineFact("27.1.0", null) { IsInstalled = true, Root = "/var/lib/docker", FreeStorage = 80 * Gibi, UsedRanges = ["172.17.0.0/16"] },
        Workspace = "/home/ann/studio",
        Instances = [new InstanceFact(1, null, [new(5273, "FRONTEND", PortHolder.Nobody), new(5533, "POSTGRES", PortHolder.Nobody)]) { Untranslated = 0 }],
        Providers = [new("postgres", "PostgreSQL 16.14, fetched", "Docker or 'postgres'"), new("temporal", null, "Docker or 'temporal'")],
        Memory = new MemoryFact(16 * Gibi, 9 * Gibi) { Instances = 2, Running = 1, Measured = 900L << 20 },
        FileWatches = 524_288,
    };

    public static DiagnosisFacts WithoutEngine => Healthy with
    {
        Engine = new EngineFact(null, "The Docker engine at unix:///var/run/docker.sock does not answer: Connection failed."),
        Compose = new ProgramFact(null, new Version(2, 24, 4), "no 'docker' on PATH"),
    };

    public static DiagnosisFacts WithPorts(params PortFact[] ports) => Healthy with { Instances = [new InstanceFact(1, null, ports)] };

    public static DiagnosisFacts WithRecord(DiagnosisFacts facts, InfraMode infra) =>
        facts with { Instances = [.. facts.Instances.Select(i => i with { RecordedInfra = infra })] };
}
