using InstanceKit.Doctor;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;
using Xunit;
using static InstanceKit.Tests.Doctor.DiagnosisSpecimen;

namespace InstanceKit.Tests.Doctor;

public sealed class DiagnosisTests
{
    [Fact]
    public void Of_a_machine_with_everything_finds_nothing_to_do()
    {
        var findings = Diagnosis.Of(Healthy);

        Assert.All(findings, f => Assert.Equal((FindingState.Ok, null), (f.State, f.Remedy)));
        Assert.Equal(ExitCode.Ok, Diagnosis.ExitCodeOf(findings));
        Assert.Equal(Enum.GetValues<Check>(), findings.Select(f => f.Check).Order());
    }

    [Theory]
    [InlineData("node", null, Check.Node, FindingState.Missing, "not found")]
    [InlineData("node", "16.20.2", Check.Node, FindingState.Missing, "16.20.2, too old")]
    [InlineData("node", "18.0.0", Check.Node, FindingState.Ok, "18.0.0")]
    [InlineData("npm", null, Check.Npm, FindingState.Missing, "not found")]
    [InlineData("sdk", null, Check.DotNetSdk, FindingState.Missing, "not found")]
    [InlineData("git", null, Check.Git, FindingState.Warning, "not found")]
    [InlineData("compose", null, Check.Compose, FindingState.Warning, "not found")]
    [InlineData("compose", "2.20.0", Check.Compose, FindingState.Warning, "2.20.0, too old")]
    [InlineData("compose", "2.24.4", Check.Compose, FindingState.Ok, "2.24.4")]
    public void Judges_programs(string program, string? version, Check check, FindingState state, string found)
    {
        var facts = program switch
        {
            "node" => Healthy with { Node = Healthy.Node with { Version = version } },
            "npm" => Healthy with { Npm = new ProgramFact(version) },
            "sdk" => Healthy with { Sdk = new ProgramFact(version) },
            "git" => Healthy with { Git = new ProgramFact(version) },
            _ => Healthy with { Compose = Healthy.Compose with { Version = version } },
        };

        var finding = Find(facts, check);

        Assert.Equal((state, found), (finding.State, finding.Found));
        Assert.Equal(state is FindingState.Ok, finding.Remedy is null);
        Assert.Equal(state is FindingState.Missing ? ExitCode.Prerequisite : ExitCode.Ok, Diagnosis.ExitCodeOf(Diagnosis.Of(facts)));
    }

    [Fact]
    public void A_program_that_does_not_answer_in_time_is_not_missing()
    {
        var facts = Healthy with { Npm = new ProgramFact(null, null, "did not answer within 5 s") { IsUnanswered = true } };

        Assert.Equal((FindingState.Warning, "did not answer within 5 s"), StateOf(Find(facts, Check.Npm)));
        Assert.DoesNotContain("Install", Find(facts, Check.Npm).Remedy, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Diagnosis.ExitCodeOf(Diagnosis.Of(facts)));
    }

    [Theory]
    [InlineData("v22.5.1\n", "22.5.1")]
    [InlineData("git version 2.39.5 (Apple Git-154)", "2.39.5")]
    [InlineData("2.26.1-4", "2.26.1")]
    [InlineData("20.10.24+dfsg1", "20.10.24")]
    [InlineData("10.0.100-rc.1", "10.0.100")]
    [InlineData("no number", null)]
    [InlineData("", null)]
    public void Reads_versions(string text, string? version) => Assert.Equal(version, ProgramFact.ParseVersion(text)?.ToString());

    [Fact]
    public void Without_PM2_the_first_Up_fetches_it() =>
        Assert.Equal((FindingState.Ok, "not found; the first Up installs it"), StateOf(Find(Healthy with { Pm2 = null }, Check.Pm2)));

    [Fact]
    public void Without_an_engine_processes_stand_in()
    {
        var findings = Diagnosis.Of(WithoutEngine);

        Assert.Equal(ExitCode.Ok, Diagnosis.ExitCodeOf(findings));
        Assert.Equal("processes (embedded): no engine answers", findings.Single(f => f.Check is Check.Infra).Found);
        Assert.Equal(FindingState.Warning, findings.Single(f => f.Check is Check.Engine).State);
        Assert.Contains("sudo apt-get install -y docker.io", findings.Single(f => f.Check is Check.Engine).Remedy, StringComparison.Ordinal);
        Assert.Equal("temporal needs Docker or 'temporal'.", findings.Single(f => f.Check is Check.Embedded).Remedy);
        Assert.DoesNotContain(findings, f => f.Check is Check.EngineStorage or Check.AddressPools);
    }

    [Theory]
    [InlineData(false, false, "apt-get install")]
    [InlineData(true, false, "systemctl start docker")]
    [InlineData(true, true, "usermod -aG docker")]
    public void What_to_do_about_an_engine_depends_on_what_there_is_of_it(bool isInstalled, bool isForbidden, string remedy) => Assert.Contains(
        remedy,
        Find(WithoutEngine with { Engine = WithoutEngine.Engine with { IsInstalled = isInstalled, IsForbidden = isForbidden } }, Check.Engine).Remedy,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(InfraMode.Auto, null, FindingState.Warning)]
    [InlineData(InfraMode.Auto, InfraMode.Embedded, FindingState.Warning)]
    [InlineData(InfraMode.Auto, InfraMode.Compose, FindingState.Missing)]
    [InlineData(InfraMode.Compose, null, FindingState.Missing)]
    [InlineData(InfraMode.Embedded, null, FindingState.Warning)]
    [InlineData(InfraMode.Embedded, InfraMode.Compose, FindingState.Warning)]
    public void An_engine_is_required_only_where_nothing_may_stand_in(InfraMode wanted, InfraMode? recorded, FindingState state)
    {
        var facts = WithoutEngine with { Infra = wanted };
        Assert.Equal(state, Find(recorded is { } kind ? WithRecord(facts, kind) : facts, Check.Engine).State);
    }

    [Theory]
    [InlineData(InfraMode.Compose, FindingState.Missing)]
    [InlineData(InfraMode.Auto, FindingState.Warning)]
    [InlineData(InfraMode.Embedded, FindingState.Warning)]
    public void Beside_an_engine_that_answers_Compose_is_required_only_where_it_is_insisted_on(InfraMode wanted, FindingState state) => Assert.Equal(
        state, Find(Healthy with { Infra = wanted, Compose = new ProgramFact(null) }, Check.Compose).State);

    [Theory]
    [InlineData(InfraMode.Auto, null, "containers (compose): engine 27.1.0 answers")]
    [InlineData(InfraMode.Auto, InfraMode.Embedded, "processes (embedded): recorded at the first Up")]
    [InlineData(InfraMode.Embedded, InfraMode.Compose, "processes (embedded): requested")]
    public void Says_what_would_run_the_services_and_why(InfraMode wanted, InfraMode? recorded, string found)
    {
        var facts = Healthy with { Infra = wanted };
        Assert.Equal(found, Find(recorded is { } kind ? WithRecord(facts, kind) : facts, Check.Infra).Found);
    }

    [Fact]
    public void A_port_that_somebody_else_has_is_named_with_him()
    {
        var finding = Find(WithPorts(
            new(5273, "FRONTEND", PortHolder.Instance), new(5533, "POSTGRES", PortHolder.Other, "process postgres (77)"),
            new(6479, "REDIS", PortHolder.Nobody)), Check.Ports);

        Assert.Equal((FindingState.Warning, "5533 (POSTGRES) is already in use by process postgres (77), 1 used by the instance itself, 1 free"), StateOf(finding));
        Assert.Equal("ports of instance 1", finding.Name);
    }

    [Theory]
    [InlineData(0, FindingState.Ok, null)]
    [InlineData(1, FindingState.Warning, "1 place addresses the stack and is not translated. List them: ./build.sh Audit --instance 1")]
    [InlineData(3, FindingState.Warning, "3 places address the stack and are not translated. List them: ./build.sh Audit --instance 1")]
    public void What_the_static_proof_leaves_open_is_no_isolation(int open, FindingState state, string? remedy)
    {
        var finding = Find(Healthy with { Instances = [Healthy.Instances[0] with { Untranslated = open }] }, Check.Isolation);

        Assert.Equal((state, remedy), (finding.State, finding.Remedy));
        Assert.DoesNotContain(Diagnosis.Of(WithPorts()), f => f.Check == Check.Isolation);
    }

    [Theory]
    [InlineData(9.0, 2, 1, 900, FindingState.Ok, "900 MiB for 1 more instance, as measured")]
    [InlineData(0.5, 2, 1, 900, FindingState.Warning, "900 MiB for 1 more instance, as measured")]
    [InlineData(4.0, 4, 1, null, FindingState.Warning, "4.5 GiB for 3 more instances, estimated")]
    [InlineData(0.1, 2, 2, 900, FindingState.Ok, "0 MiB for 0 more instances, as measured")]
    [InlineData(null, 4, 4, 900, FindingState.Ok, "3.5 GiB for 4 instances, as measured")]
    [InlineData(null, 12, 1, null, FindingState.Warning, "18 GiB for 12 instances, estimated")]
    public void Weighs_memory_against_the_instances(double? gibiLeft, int instances, int running, int? mebiEach, FindingState state, string needed)
    {
        var memory = new MemoryFact(16 * Gibi, gibiLeft is { } left ? (long)(left * Gibi) : null)
        {
            Instances = instances, Running = running, Measured = mebiEach is { } each ? (long)each << 20 : null,
        };
        var finding = Find(Healthy with { Memory = memory }, Check.Memory);
        Assert.Equal((state, needed), (finding.State, finding.Needed));
    }

    [Theory]
    [InlineData(8_192, 1, FindingState.Warning)]
    [InlineData(65_536, 4, FindingState.Ok)]
    [InlineData(65_536, 5, FindingState.Warning)]
    public void Weighs_file_watches_against_the_instances(long watches, int instances, FindingState state) => Assert.Equal(
        state, Find(Healthy with { FileWatches = watches, Memory = Healthy.Memory with { Instances = instances } }, Check.FileWatches).State);

    [Theory]
    [InlineData("/usr/bin/pnpm", null, FindingState.Ok, "installed")]
    [InlineData("/usr/bin/pnpm", "pnpm-lock.yaml exists and node_modules does not: pnpm install", FindingState.Ok, "pnpm-lock.yaml exists and node_modules does not: pnpm install, at the first Up")]
    [InlineData(null, null, FindingState.Warning, "installed, but pnpm was not found on PATH")]
    [InlineData(null, "node_modules is incomplete: pnpm install", FindingState.Missing, "not installed, and pnpm was not found on PATH")]
    public void Packages_and_the_package_manager_of_the_lock_file_are_checked(string? path, string? missing, FindingState state, string found)
    {
        var manager = new PackageManager("pnpm", "pnpm-lock.yaml", ["install"]) { Path = path, Version = "9.1.0" };

        var finding = Diagnosis.Of(DiagnosisSpecimen.Healthy with { Packages = new PackagesFact(manager, missing) }).Single(f => f.Check == Check.Packages);

        Assert.Equal((state, found, "those of pnpm-lock.yaml, by pnpm"), (finding.State, finding.Found, finding.Needed));
        Assert.Equal(path is null ? "The workspace needs pnpm (pnpm-lock.yaml). Install it: npm install --global pnpm@9.1.0" : null, finding.Remedy);
    }

    [Fact]
    public void Without_a_workspace_everything_else_is_judged_all_the_same()
    {
        var findings = Diagnosis.Of(Healthy with
        {
            Workspace = null, Packages = null, Instances = [], WorkspaceProblem = InstanceKitException.Usage("'/x' is not a workspace.", "Pass one."),
        });

        Assert.Equal(Enum.GetValues<Check>().Except([Check.Ports, Check.Isolation, Check.Packages]), findings.Select(f => f.Check).Order());
        Assert.Equal("Pass one.", findings.Single(f => f.Check is Check.Workspace).Remedy);
        Assert.Equal(ExitCode.Ok, Diagnosis.ExitCodeOf(findings));
    }

    private static Finding Find(DiagnosisFacts facts, Check check) => Diagnosis.Of(facts).Single(f => f.Check == check);

    private static (FindingState State, string Found) StateOf(Finding finding) => (finding.State, finding.Found);
}
