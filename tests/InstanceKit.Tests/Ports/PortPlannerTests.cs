using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class PortPlannerTests
{
    private const int Highest = 564; // (65535 - 9092) / 100

    [Fact]
    public void The_ports_are_those_of_the_specification()
    {
        const string specification = """
            Frontend         5173 5173 5273 5373 5673
            Backend          3211 3211 3311 3411 3711
            Temporal Client  7233 7233 7333 7433 7733
            Temporal UI      8081 8081 8181 8281 8581
            PostgreSQL       5433 5433 5533 5633 5933
            MinIO API        9000 9000 9100 9200 9500
            MinIO Console    9001 9001 9101 9201 9501
            Redis            6379 6379 6479 6579 6879
            Loki             3100 3100 3200 3300 3600
            Redpanda         9092 9092 9192 9292 9592
            Redpanda Console 8082 8082 8182 8282 8582
            """;
        PortPlan[] plans = [.. new[] { 0, 1, 2, 5 }.Select(n => Studio.Ports(n))];

        var table = plans[0].Assignments.Select((a, row) =>
            $"{a.Label,-16} {a.BasePort} {string.Join(' ', plans.Select(p => p.Assignments[row].Port))}");

        Assert.Equal(specification.ReplaceLineEndings("\n"), string.Join('\n', table));
    }

    [Fact]
    public void The_names_are_fit_for_a_shell() =>
        Assert.Equal(
            "FRONTEND BACKEND TEMPORAL_CLIENT TEMPORAL_UI POSTGRES MINIO_API MINIO_CONSOLE REDIS LOKI REDPANDA REDPANDA_CONSOLE",
            string.Join(' ', Studio.Ports(0).Assignments.Select(a => a.Name)));

    [Theory]
    [InlineData("FRONTEND", "http://localhost:5273")]
    [InlineData("POSTGRES", "postgresql://localhost:5533")]
    [InlineData("REDIS", "redis://localhost:6479")]
    [InlineData("TEMPORAL_CLIENT", "localhost:7333")]
    public void An_endpoint_is_what_a_person_pastes(string name, string endpoint) =>
        Assert.Equal(endpoint, Studio.Ports(1).Assignments.Single(a => a.Name == name).Endpoint);

    [Fact]
    public void Other_published_ports_are_named_after_their_service_and_come_last()
    {
        var plan = Studio.Ports(
            1,
            new PublishedPort("redpanda", 9644, 9644),
            new PublishedPort("my-dns.local", 53, 5353, "udp"),
            new PublishedPort("my-dns.local", 53, 5353),
            new PublishedPort("postgres", 5432, 5433),
            new PublishedPort("redpanda", 9644, 9644, HostAddress: "::1"),
            new PublishedPort("anything", 8080, null));

        Assert.Equal(
            [
                new("MY_DNS_LOCAL_5353", "my-dns.local 5353", 5353, 5453, Service("my-dns.local"), Reason: "5353 + 1 × 100"),
                new("MY_DNS_LOCAL_5353_UDP", "my-dns.local 5353", 5353, 5453, Service("my-dns.local"), Protocol: "udp", Reason: "5353 + 1 × 100"),
                new("REDPANDA_9644", "redpanda 9644", 9644, 9744, Service("redpanda"), Reason: "9644 + 1 × 100"),
            ],
            plan.Assignments.Skip(11));
    }

    [Fact]
    public void A_udp_port_is_another_one_than_the_named_tcp_port_of_the_same_number()
    {
        var plan = Studio.Ports(2, new PublishedPort("statsd", 9000, 9000, "udp"));

        Assert.Equal((9200, 9200), (plan.Translate(9000), plan.Translate(9000, "udp")));
        Assert.Null(plan.Translate(9001, "udp"));
        Assert.Null(plan.Translate(9201));
    }

    [Theory]
    [InlineData(Highest + 1, "Instance 565 is too high: REDPANDA would be port 65592, above 65535.")]
    [InlineData(99999, "Instance 99999 is too high: REDPANDA would be port 10008992, above 65535.")]
    [InlineData(int.MaxValue, "Instance 2147483647 is too high: REDPANDA would be port 214748373792, above 65535.")]
    public void A_number_too_high_is_refused_with_the_highest_one(int instance, string message)
    {
        var error = Assert.Throws<InstanceKitException>(() => Studio.Ports(instance));

        Assert.Equal((ExitCode.Usage, message, $"Choose a number from 0 to {Highest}."), (error.ExitCode, error.Message, error.Remedy));
        Assert.Equal(65492, Studio.Ports(Highest).PortOf("REDPANDA"));
    }

    [Fact]
    public void The_remedy_for_a_number_too_high_counts_the_ports_without_names()
    {
        var error = Assert.Throws<InstanceKitException>(() => Studio.Ports(200, new PublishedPort("debug", 50000, 50000)));

        Assert.Equal("Instance 200 is too high: DEBUG_50000 would be port 70000, above 65535.", error.Message);
        Assert.Equal("Choose a number from 0 to 155.", error.Remedy);
    }

    [Fact]
    public void The_highest_instance_of_the_stack_is_known() =>
        Assert.Equal(Highest, PortPlanner.HighestInstance(Studio.Stack));

    [Fact]
    public void Two_services_with_one_port_are_refused_by_name()
    {
        var error = Assert.Throws<InstanceKitException>(() => Studio.Ports(
            3, new PublishedPort("a", 80, 4000), new PublishedPort("b", 81, 4000)));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal("Port 4000 is published twice, by A_4000 (service a) and B_4000 (service b).", error.Message);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void The_ports_of_Studio_s_newest_layout()
    {
        PublishedPort[] published =
        [
            new("postgres", 5432, 5433), new("redpanda", 9092, 9092), new("redpanda", 9644, 9644), new("opensearch", 9200, 9200),
            new("opensearch", 9600, 9600), new("opensearch-dashboards", 5601, 5601), new("nginx", 80, 80),
        ];

        var table = new[] { 0, 1, 2, 17 }.Select(n => $"instance {n}\n" + string.Concat(
            Studio.Ports(n, published).Assignments.Select(a => $"  {a.Name,-26} {a.BasePort,4} → {a.Port,-5}  {a.Reason}\n")));

        Snapshot.Verify(string.Concat(table), "txt");
    }

    [Fact]
    public void Two_named_ports_that_meet_are_refused_by_name()
    {
        var stack = Studio.Stack with { Ports = [Named("A", 4000), Named("B", 4300)] };

        var error = Assert.Throws<InstanceKitException>(() => PortPlanner.Plan(stack, [], 1));

        Assert.Equal(
            "Named port B (service b) can't be 4300 + instance × 100: in instance 0 it would be 4300, and 4300 is A of instance 3.",
            error.Message);
        Assert.NotNull(error.Remedy);

        static NamedPort Named(string name, int port) => new(name, name, port, Service(name.ToLowerInvariant())) { IsFixed = true };
    }

    [Fact]
    public void A_fixed_port_that_meets_a_recorded_one_is_a_case_for_repair()
    {
        PublishedPort admin = new("admin", 80, 9644);
        var recorded = Studio.Ports(1, admin);
        var stack = Studio.Stack with { Ports = [.. Studio.Stack.Ports, new NamedPort("NEW", "New", 9744, Service("new")) { IsFixed = true }] };

        var error = Assert.Throws<InstanceKitException>(() => PortPlanner.Plan(stack, [admin], 1, recorded));

        Assert.Equal("Plan its ports again: InitInstance --instance 1 --repair.", error.Remedy);
        Assert.Equal((9844, 9745), (PortPlanner.Plan(stack, [admin], 1).PortOf("NEW"), PortPlanner.Plan(stack, [admin], 1).Of(admin)?.Port));
    }

    [Fact]
    public void A_range_longer_than_the_stride_is_refused()
    {
        var error = Assert.Throws<InstanceKitException>(() => Studio.Ports(1, new PublishedPort("rtp", 80, 4000, "udp", Count: 101)));

        Assert.Equal("RTP_4000_UDP (service rtp) is a range of 101 ports, which is more than the stride of 100 between instances.", error.Message);
    }

    [Fact]
    public void Two_services_on_one_number_of_two_addresses_get_two_numbers()
    {
        PublishedPort one = new("a", 53, 4050, HostAddress: "127.0.0.1"), other = new("b", 53, 4050, HostAddress: "127.0.0.2");

        var plan = Studio.Ports(1, one, other);

        Assert.Equal((4150, 4151), (plan.Of(one)?.Port, plan.Of(other)?.Port));
    }

    [Fact]
    public void A_port_that_the_stack_does_not_name_is_a_defect_of_the_stack() =>
        Assert.Throws<ArgumentException>(() => Studio.Ports(0).PortOf("MONGO"));

    private static PortOwner Service(string name) => new(OwnerKind.Service, name);
}
