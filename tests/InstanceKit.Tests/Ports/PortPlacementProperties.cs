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
            .Select(ports => ports
                .Where((p, i) => !ports.Take(i).Any(o => o.Protocol == p.Protocol && o.Port < p.Port + p.Count && p.Port < o.Port + o.Count))
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
    public void Instance_0_is_the_workspace_as_written() => Gen.Select(Stack, Published).Sample((stack, published) =>
        PortPlanner.Plan(stack, published, 0).Assignments.All(a => a.Port == a.BasePort), iter: 150);

    /// <summary>Every fourth port is published one by one as a range of a service, and every third one for both protocols.</summary>
    [Fact]
    public void Ranges_and_pairs_of_protocols_stay_together() => Gen.Select(Stack, Published, Gen.Int[1, 8]).Sample((stack, published, n) =>
    {
        var single = published.Where(p => p.Count == 1 && p.BasePort < 65_000).ToList();
        var ranges = single.Where((_, i) => i % 4 == 0).Select(p => Enumerable.Range(0, 5).Select(i => p with { BasePort = p.BasePort + i, TargetPort = 7000 + i }).ToList())
            .Where(r => !published.Any(p => p != single.Find(s => s.BasePort == r[0].BasePort) && p.BasePort + p.Count > r[0].BasePort && p.BasePort < r[0].BasePort + 5)
                && !stack.Ports.Any(p => p.BasePort >= r[0].BasePort && p.BasePort < r[0].BasePort + 5)).ToList();
        var pairs = single.Where((_, i) => i % 3 == 1).Select(p => p with { Protocol = p.Protocol == "tcp" ? "udp" : "tcp" })
            .Where(p => !published.Any(o => o.Protocol == p.Protocol && o.BasePort <= p.BasePort && p.BasePort < o.BasePort + o.Count)
                && !stack.Ports.Any(o => o.BasePort == p.BasePort)
                && !ranges.Any(r => p.BasePort >= r[0].BasePort && p.BasePort < r[0].BasePort + 5)).ToList();
        var plan = PortPlanner.Plan(stack, [.. published.Where(p => !ranges.Any(r => r[0] == p with { TargetPort = 7000 })).Concat(ranges.SelectMany(r => r)).Concat(pairs)], n);

        Assert.All(ranges, r => Assert.Equal(Enumerable.Range(plan.Of(r[0])!.Port, 5), r.Select(p => plan.Of(p)!.Port)));
        Assert.All(pairs, p => Assert.Equal(plan.Translate(p.BasePort!.Value, "tcp"), plan.Translate(p.BasePort.Value, "udp")));
    }, iter: 100);

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
    public void What_is_recorded_never_moves_unless_instance_0_has_the_number() => Gen.Select(Stack, Published, Published, Gen.Int[0, 8]).Sample((stack, before, added, n) =>
    {
        var recorded = PortPlanner.Plan(stack, before, n);
        PublishedPort[] after = [.. before.Where((_, i) => i % 3 != 2), .. added.Select(p => p with { Service = "new-" + p.Service })
            .Where(p => before.All(b => b.Protocol != p.Protocol || b.BasePort >= p.BasePort + p.Count || p.BasePort >= b.BasePort + b.Count))];
        var plan = PortPlanner.Plan(stack, after, n, recorded);

        Assert.All(plan.Assignments, a =>
        {
            if (recorded.Find(a.Owner, a.BasePort, a.Protocol) is { } old && !plan.Assignments.Any(o =>
                o.Protocol == a.Protocol && o.BasePort < old.Port + old.Count && old.Port < o.BasePort + o.Count))
                Assert.Equal(old.Port, a.Port);
        });
        Assert.Equal(Numbers(plan).Count(), Numbers(plan).Select(p => p.Key).Distinct().Count());
        Assert.Equal(plan.Assignments, PortPlanner.Plan(stack, after, n, plan).Assignments);
    }, iter: 150);

    [Fact]
    public void Recorded_once_is_planned_alike_for_ever() => Gen.Select(Stack, Published, Gen.Int[0, 8]).Sample((stack, published, n) =>
        PortPlanner.Plan(stack, published, n).Assignments.SequenceEqual(
            PortPlanner.Plan(stack, published, n, PortPlanner.Plan(stack, published, n)).Assignments), iter: 150);

    private static bool IsRangeOdd(int port, int count) => port + count > 65_536 || Studio.Stack.Ports.Any(p => p.BasePort >= port && p.BasePort < port + count);

    private static IEnumerable<(string Name, (int Port, string Protocol) Key)> Numbers(PortPlan plan) =>
        plan.Assignments.SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(p => (a.Name, (p, a.Protocol))));
}
