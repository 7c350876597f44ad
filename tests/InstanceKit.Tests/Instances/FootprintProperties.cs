using CsCheck;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Tests.Compose;
using InstanceKit.Tests.Ports;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class FootprintProperties
{
    /// <summary>Models with fixed ranges that meet neither each other nor those of the engine.</summary>
    private static readonly Gen<ComposeModel> Model = Gen.Select(ComposeGen.Model, Gen.Int[0, 250].HashSet[0, 3], (model, ranges) => model with
    {
        Networks =
        [
            .. model.Networks.Where(n => ranges.All(r => n.Key != $"net-{r}")),
            .. ranges.Select(r => SubnetPlannerTests.Network($"net-{r}", $"10.{r}.0.0/16")),
        ],
    });

    [Fact]
    public void Accepted_instances_of_any_stack_have_nothing_in_common() =>
        Gen.Select(Model, Gen.Int[0, 17].HashSet[2, 5]).Sample((model, numbers) =>
        {
            var accepted = new List<(PortPlan Ports, InstanceFootprint Footprint)>();
            foreach (var number in numbers)
            {
                var spec = Tests.Studio.SpecOnHost(number);
                var ports = PortPlanner.Plan(spec.Stack, model.Ports, number);
                if (accepted.Any(a => a.Ports.FindClash(ports) is not null))
                    continue;
                var changes = ComposeOverride.Create(model, spec, ports, SubnetPlanner.Plan(model.Networks, number));
                var footprint = InstanceFootprint.Of(ComposeMerge.Apply(model, changes), ports);
                Assert.All(accepted, a => Assert.Empty(FootprintClash.Find(footprint, a.Footprint)));
                accepted.Add((ports, footprint));
            }
        }, iter: 1_000);
}
