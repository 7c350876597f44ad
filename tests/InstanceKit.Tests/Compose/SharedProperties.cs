using CsCheck;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>What instances could share beside ports and the engine's names.</summary>
public sealed class SharedProperties
{
    [Fact]
    public void No_two_instances_meet() => Gen.Select(SharedGen.Model, Gen.Int[0, 17].HashSet[2, 4]).Sample((model, numbers) =>
    {
        var seen = new HashSet<string>();
        foreach (var number in numbers)
        {
            var merged = Merged(model, number);
            var own = Shared(merged, number).ToHashSet();
            Assert.DoesNotContain(own, seen.Contains);
            seen.UnionWith(own);
        }
    }, iter: 1_000);

    [Fact]
    public void No_tie_is_left() => Gen.Select(SharedGen.Model, Gen.Int[0, 17]).Sample((model, number) => Assert.Empty(
        ComposeProof.FindTies(Merged(model, number), Spec(number), Studio.Ports(number), model)), iter: 1_000);

    [Fact]
    public void A_service_answers_to_each_of_its_names_once() => Gen.Select(SharedGen.Model, Gen.Int[0, 3]).Sample((model, number) =>
        Assert.All(
            Merged(model, number).Services.SelectMany(s => s.Networks),
            n => Assert.Distinct(n.Aliases)), iter: 500);

    [Fact]
    public void A_container_s_old_name_leads_to_its_service_on_the_instance_s_own_networks() =>
        Gen.Select(SharedGen.Model, Gen.Int[0, 3]).Sample((model, number) => Assert.All(
            model.Services.Where(s => s.ContainerName is not null),
            s => Assert.All(
                Merged(model, number).Services.Single(m => m.Name == s.Name).Networks.Where(n => n.Network == "default"),
                n => Assert.Contains(s.ContainerName!, n.Aliases))), iter: 500);

    [Fact]
    public void Services_that_shared_a_folder_still_do() => Gen.Select(SharedGen.Model, Gen.Int[1, 17]).Sample((model, number) =>
    {
        var merged = Merged(model, number);
        var before = Sources(model).ToList();
        var after = Sources(merged).ToList();

        for (var i = 0; i < before.Count; i++)
        for (var j = 0; j < i; j++)
            Assert.Equal(before[i] == before[j], after[i] == after[j]);
    }, iter: 500);

    private static IEnumerable<string?> Sources(ComposeModel model) =>
        model.Services.SelectMany(s => s.Mounts).Where(m => m.Type == "bind").Select(m => m.Source);

    private static InstanceSpec Spec(int number) => Studio.Spec(number) with { Stack = Studio.Stack with { OwnsData = true } };

    private static ComposeModel Merged(ComposeModel model, int number) =>
        ComposeMerge.Apply(model, ComposeOverride.Create(model, Spec(number), Studio.Ports(number)));

    private static IEnumerable<string> Shared(ComposeModel merged, int number)
    {
        foreach (var service in merged.Services)
        {
            foreach (var place in service.Networks.Where(p => p.Network != "default"))
            {
                foreach (var name in place.Aliases.Append(service.Hostname).OfType<string>().Where(n => merged.Services.All(s => s.Name != n)))
                    yield return $"{place.Network} {name}";
                if (place.Ipv4Address is { } address)
                    yield return $"{place.Network} {address}";
            }

            foreach (var mount in service.Mounts.Where(m => m is { IsReadOnly: false, Type: "bind", Target: "/data" } && IsInWorkspace(m.Source!)))
                yield return $"folder {mount.Source}";
            if (service is { IsBuilt: true, Image: { } image } && service.BuildArguments["URL"] != "none" && number > 0)
                yield return $"image {image}";
            foreach (var (_, name) in service.ContainerReferences.Where(r => r.Value != "strange"))
                yield return $"container {name}";
        }

        foreach (var network in merged.Networks.Where(n => n.DriverOptions.ContainsKey(InstanceFootprint.BridgeName)))
            yield return $"bridge {network.DriverOptions[InstanceFootprint.BridgeName]}";
        Assert.All(merged.Networks.Select(n => n.DriverOptions.GetValueOrDefault(InstanceFootprint.BridgeName, "")), b => Assert.True(number == 0 || b.Length <= 15));
    }

    private static bool IsInWorkspace(string source) => source.StartsWith(Studio.Workspace + "/", StringComparison.Ordinal);
}
