using CsCheck;
using InstanceKit.Doctor;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Doctor;

public sealed class DiagnosisProperties
{
    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<ProgramFact> AnyProgram = Gen.Select(Pick<string?>(null, "1.0.0", "18.0.0", "99.1.2"), Gen.Bool)
        .Select((version, hasOldest) => new ProgramFact(version, hasOldest ? new Version(18, 0) : null));

    private static readonly Gen<EngineFact> AnyEngine = Gen.OneOf(
        Gen.Bool.Select(installed => new EngineFact(null, "No.") { IsInstalled = installed }),
        Gen.Select(Pick("19.3.0", "20.10.1", "28.0.0"), Gen.Long[0, 1L << 40])
            .Select((version, free) => new EngineFact(version, null) { IsInstalled = true, Root = "/d", FreeStorage = free }));

    private static readonly Gen<InstanceFact> AnyInstance = Gen.Select(
        Gen.Int[0, 20], Pick<InfraMode?>(null, InfraMode.Compose, InfraMode.Embedded), Pick(Enum.GetValues<PortHolder>()).List[0, 4])
        .Select((number, infra, holders) => new InstanceFact(
            number, infra, [.. holders.Select((h, i) => new PortFact(5000 + i, "P", h, h is PortHolder.Other ? "process x (1)" : null))]));

    private static readonly Gen<DiagnosisFacts> AnyFacts = Gen.Select(
        AnyProgram.Array[5], AnyEngine, AnyInstance.List[0, 3], Pick(Enum.GetValues<InfraMode>()), Pick(Enum.GetValues<SystemFamily>()), Gen.Bool)
        .Select((programs, engine, instances, infra, family, isAdministrator) => DiagnosisSpecimen.Healthy with
        {
            System = new HostSystem(family, isAdministrator),
            Sdk = programs[0], Node = programs[1], Npm = programs[2], Compose = programs[3], Git = programs[4],
            Engine = engine, Instances = instances, Infra = infra,
        });

    [Fact]
    public void What_is_missing_has_a_remedy_and_what_is_right_has_none() => AnyFacts.Sample(facts =>
        Assert.All(Diagnosis.Of(facts), f =>
        {
            Assert.Equal(f.State is FindingState.Ok, f.Remedy is null);
            Assert.NotEmpty(f.Found);
            Assert.NotEmpty(f.Needed);
        }));

    [Fact]
    public void Node_npm_and_the_SDK_decide_alone_where_nothing_insists_on_an_engine() => AnyFacts.Sample(facts =>
    {
        var free = facts with { Infra = InfraMode.Embedded };
        var isComplete = free.Sdk.IsGood && free.Node.IsGood && free.Npm.IsGood;
        Assert.Equal(isComplete ? ExitCode.Ok : ExitCode.Prerequisite, Diagnosis.ExitCodeOf(Diagnosis.Of(free)));
    });

    [Fact]
    public void The_choice_is_never_containers_unless_asked_for_where_they_can_not_run() => AnyFacts.Sample(facts =>
        Assert.All(facts.Instances, i => Assert.True(
            InfraChoice.Of(facts, i.RecordedInfra).Mode is InfraMode.Embedded || facts.Infra is InfraMode.Compose
            || i.RecordedInfra is InfraMode.Compose || facts.Engine.Version is not null)));
}
