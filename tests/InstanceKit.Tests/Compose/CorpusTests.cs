using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>One case an obstacle, one case a syntax: the override, what Compose makes of it, and that nothing is shared.</summary>
public sealed class CorpusTests
{
    /// <summary>A network on an interface of the host, of which there can be one: the second instance is refused.</summary>
    private const string OnWire = "network-wire";

    public static TheoryData<string> Cases => [.. CorpusCase.Names];

    [Fact]
    public void There_are_enough_of_them() => Assert.True(CorpusCase.Names.Count >= 60);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_override_is_the_reviewed_one(string name)
    {
        var it = new CorpusCase(name);

        Snapshot.VerifyFile(it.PathOf("override.golden.yml"), ComposeOverrideWriter.Write(it.Override(1), it.Spec(1).Project));
        Snapshot.VerifyFile(it.PathOf("notes.golden.txt"), it.Notes());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_Compose_makes_of_it_stands_alone(string name)
    {
        var it = new CorpusCase(name);

        Assert.Empty(ComposeProof.FindTies(it.Merged, it.Spec(1), it.Ports(1), it.Model));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_Compose_makes_of_it_is_what_was_decided(string name)
    {
        var it = new CorpusCase(name);

        Assert.Equivalent(Comparable(ComposeMerge.Apply(it.Model, it.Override(1))), Comparable(it.Merged), strict: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Instances_0_1_and_2_have_nothing_in_common(string name)
    {
        var it = new CorpusCase(name);
        var footprints = Enumerable.Range(0, 3)
            .Select(n => InstanceFootprint.Of(ComposeMerge.Apply(it.Model, AsProject(it.Override(n), it, n)), it.Ports(n))).ToList();

        for (var second = 1; second < footprints.Count; second++)
        for (var first = 0; first < second; first++)
            Assert.Equal(name == OnWire ? ["address range 192.0.2.0/24"] : [], FootprintClash.Find(footprints[first], footprints[second]).Select(c => c.ToString()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Instance_0_keeps_the_values_of_the_workspace(string name)
    {
        var services = new CorpusCase(name).Override(0).Services;

        Assert.All(services, s => Assert.Equal(
            (0, null, null, 0, 0, null, null),
            (s.Environment.Count, s.Command, s.Entrypoint, s.BuildArguments.Count, s.OwnLabels.Count, s.HealthTest, s.Hostname)));
        Assert.All(services, s => Assert.Empty(s.Mounts));
    }

    /// <summary>Compose adds what a reference to a service implies, and reads nothing else of it.</summary>
    private static ComposeModel Comparable(ComposeModel model) => model with
    {
        Fingerprint = "",
        Services = [.. model.Services.Select(s => s with { DependsOn = new Dictionary<string, string>(), ContainerReferences = [] })],
    };

    /// <summary>The model was read under the name of instance 1, and so is named after it where the files leave the name open.</summary>
    private static ComposeOverride AsProject(ComposeOverride changes, CorpusCase it, int number) => changes with
    {
        Networks = [.. changes.Networks.Select(n => n with { Name = n.Name ?? $"{it.Spec(number).Project}_{n.Key}" })],
        Volumes = [.. changes.Volumes.Select(v => v with { Name = v.Name ?? $"{it.Spec(number).Project}_{v.Key}" })],
    };
}
