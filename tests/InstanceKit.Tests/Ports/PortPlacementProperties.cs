using CsCheck;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class PortPlacementProperties
{
    private static readonly IEnumerable<int> Horizon = Enumerable.Range(0, 1 + PortPlanner.Horizon);

    private static readonly Gen<PublishedPort[]> Published =
        Gen.Select(
                Gen.Frequency<int>((1, Gen.Int[1, 1023]), (4, Gen.Int[3000, 10_000]), (1, Gen.Int[60_000, 65_535])),
                Gen.OneOf<string>("tcp", "tcp", "udp"), Gen.Frequency<int>((5, Gen.Const(1)), (1, Gen.Int[2, 7])))
            .Select((port, protocol, count) => (Port: port, Protocol: protocol, Count: IsRangeOdd(port, count) ? 1 : count))
            .Array[0, 20]
            .Select(ports => ports.DistinctBy(p => (p.Port, p.Protocol))
                .Select((p, i) => new PublishedPort($"service-{i % 7}", 80 + i, p.Port, p.Protocol, Count: p.Count)).ToArray());

    private static readonly Gen<StackDefinition> Stack = Gen.OneOf<StackDefinition>(
        Studio.Stack, Studio.Stack with { Ports = [] }, Studio.Stack with { Ports = [], PortStride = 7 },
        Studio.Stack with { Ports = [], PortStride = 1000 });

    [Fact]
    public void Instances_0_to_17_are_pairwise_disjoint() => Gen.Select(Stack, Published).Sample((stack, published) =>
    {
        var seen = new Dictionary<(int, string), string>();
        foreach (var plan in Horizon.Select(n => PortPlanner.Plan(stack, published, n)))
        foreach (var port in Numbers(plan))
            Assert.True(seen.TryAdd(port.Key, $"{port.Name} of {plan.Instance}"),
                $"{port.Key} is {port.Name} of {plan.Instance} and {seen.GetValueOrDefault(port.Key)}");
    }, iter: 150);

    [Fact]
    public void Every_port_is_one_and_above_1023_after_instance_0() => Gen.Select(Stack, Published).Sample((stack, published) =>
        Assert.All(Horizon.SelectMany(n => Numbers(PortPlanner.Plan(stack, published, n)).Select(p => (n, p.Key.Port))), t =>
            Assert.InRange(t.Port, t.n == 0 ? 1 : 1024, 65_535)), iter: 100);

    [Fact]
    public void The_order_of_services_says_nothing() => Gen.Select(Stack, Published).SelectMany((stack, published) =>
        Gen.Select(Gen.Shuffle(published), Gen.Int[0, 17]).Select((shuffled, n) => (stack, published, shuffled, n)))
        .Sample(t => PortPlanner.Plan(t.stack, t.published, t.n).Assignments
            .SequenceEqual(PortPlanner.Plan(t.stack, t.shuffled, t.n).Assignments), iter: 150);

    [Fact]
    public void What_is_recorded_never_moves() => Gen.Select(Stack, Published, Published, Gen.Int[0, 8]).Sample((stack, before, added, n) =>
    {
        var recorded = PortPlanner.Plan(stack, before, n);
        PublishedPort[] after = [.. before.Where((_, i) => i % 3 != 2), .. added.Select(p => p with { Service = "new-" + p.Service })
            .Where(p => before.All(b => (b.BasePort, b.Protocol) != (p.BasePort, p.Protocol)))];
        var plan = PortPlanner.Plan(stack, after, n, recorded);

        Assert.All(plan.Assignments, a => Assert.Equal(recorded.Find(a.Owner, a.BasePort, a.Protocol)?.Port ?? a.Port, a.Port));
        Assert.Equal(Numbers(plan).Count(), Numbers(plan).Select(p => p.Key).Distinct().Count());
        Assert.Equal(plan.Assignments, PortPlanner.Plan(stack, after, n, plan).Assignments);
    }, iter: 150);

    [Fact]
    public void Recorded_once_is_planned_alike_for_ever() => Gen.Select(Stack, Published, Gen.Int[0, 8]).Sample((stack, published, n) =>
        PortPlanner.Plan(stack, published, n).Assignments.SequenceEqual(
            PortPlanner.Plan(stack, published, n, PortPlanner.Plan(stack, published, n)).Assignments), iter: 150);

    private static bool IsRangeOdd(int port, int count) => port + count > 65_536 || Studio.Stack.Ports.Any(p => p.BasePort == port);

    private static IEnumerable<(string Name, (int Port, string Protocol) Key)> Numbers(PortPlan plan) =>
        plan.Assignments.SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(p => (a.Name, (p, a.Protocol))));
}
