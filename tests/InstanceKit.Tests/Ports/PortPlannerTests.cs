using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class PortPlannerTests
{
    private static readonly StackDefinition Bare = Studio.Stack with { Ports = [], Apps = [] };
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
        PublishedPort admin = new("admin", 80, 9643);
        var recorded = new PortPlan(1, [.. Studio.Ports(1, admin).Assignments.Select(a => a.BasePort == 9643 ? a with { Port = 9744 } : a)]);
        var stack = Studio.Stack with { Ports = [.. Studio.Stack.Ports, new NamedPort("NEW", "New", 9644, Service("new")) { IsFixed = true }] };

        var error = Assert.Throws<InstanceKitException>(() => PortPlanner.Plan(stack, [admin], 1, recorded));

        Assert.Equal("Plan its ports again: InitInstance --instance 1 --repair.", error.Remedy);
        Assert.Equal(9744, PortPlanner.Plan(stack, [admin], 1).PortOf("NEW"));
    }

    [Fact]
    public void Neighbours_a_stride_apart_do_not_move_instance_0()
    {
        PublishedPort[] published =
        [
            new("grafana", 3000, 3000), new("loki", 3100, 3100), new("tempo", 3200, 3200), new("minio", 9000, 9000), new("exporter", 9100, 9100),
        ];

        Assert.Equal([3000, 3100, 3200, 9000, 9100], Ports(0));
        Assert.Equal([3101, 3202, 3300, 9101, 9200], Ports(1).Order());
        Assert.Equal([3201, 3302, 3400, 9201, 9300], Ports(2).Order());

        IEnumerable<int> Ports(int number) => published.Select(p => PortPlanner.Plan(Bare, published, number).Of(p)!.Port);
    }

    [Fact]
    public void A_range_longer_than_the_stride_gets_a_longer_one()
    {
        PublishedPort[] rtp = [.. Enumerable.Range(50000, 201).Select(p => new PublishedPort("sfu", p, p, "udp"))];
        PublishedPort sip = new("sip", 80, 4000, "udp", Count: 101);

        var plan = PortPlanner.Plan(Bare, [.. rtp, sip], 2);

        Assert.Equal(Enumerable.Range(50600, 201), rtp.Select(p => plan.Of(p)!.Port));
        Assert.Equal((4400, 101), (plan.Of(sip)!.Port, plan.Of(sip)!.Count));
        Assert.Equal(
            ["Service sfu publishes 50000-50200/udp as 50600-50800/udp. A server that announces its own ports (WebRTC, RTP, passive FTP) must be configured with these."],
            PortNotes.Of(Bare, [.. rtp, sip], plan));
        Assert.Empty(PortNotes.Of(Bare, rtp, PortPlanner.Plan(Bare, rtp, 0)));
    }

    [Fact]
    public void A_range_that_fits_few_times_is_refused_above()
    {
        PublishedPort rtp = new("pbx", 80, 10000, "udp", Count: 10_001);

        Assert.Equal([10000, 20100, 30200, 40300, 50400], Enumerable.Range(0, 5).Select(n => PortPlanner.Plan(Bare, [rtp], n).Of(rtp)!.Port));
        var error = Assert.Throws<InstanceKitException>(() => PortPlanner.Plan(Bare, [rtp], 6));

        Assert.StartsWith("No free ports were found for PBX_10000_UDP (service pbx, base 10000) in instance 6: it has 10001 ports, which fit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_protocols_of_a_number_stay_together()
    {
        PublishedPort[] dns = [new("dns", 53, 53), new("dns", 53, 53, "udp"), new("web", 80, 8153)];

        var plan = PortPlanner.Plan(Bare, dns, 1);

        Assert.Equal([8154, 8154, 8253], dns.Select(p => plan.Of(p)!.Port));
    }

    [Fact]
    public void Instances_of_an_earlier_version_move_when_they_have_a_number_of_instance_0()
    {
        PublishedPort[] published = [new("web", 80, 3000), new("api", 80, 3100)];
        PortPlan zero = Recorded(0, 3000, 3101), one = Recorded(1, 3100, 3201);

        Assert.Equal([3000, 3101], Ports(PortPlanner.Plan(Bare, published, 0, zero, [one])));
        var moved = PortPlanner.Plan(Bare, published, 1, one, [zero]);
        Assert.Equal([3102, 3201], Ports(moved));
        Assert.Equal([3000, 3100], Ports(PortPlanner.Plan(Bare, published, 0, zero, [moved])));
        Assert.Null(PortPlanner.Plan(Bare, published, 2, null, [zero, moved]).FindClash(moved));

        PortPlan Recorded(int number, params int[] ports) => new(
            number, [.. PortPlanner.Plan(Bare, published, number).Assignments.OrderBy(a => a.BasePort).Zip(ports, (a, p) => a with { Port = p })]);

        IEnumerable<int> Ports(PortPlan plan) => published.Select(p => plan.Of(p)!.Port);
    }

    [Fact]
    public void A_named_port_of_the_specification_moves_only_where_instance_0_has_its_number()
    {
        PublishedPort search = new("search", 9200, 9200);

        Assert.Equal(
            [9000, 9100, 9202, 9300, 9400], Enumerable.Range(0, 5).Select(n => Studio.Ports(n, search).PortOf("MINIO_API")));
        Assert.Equal(
            ["MINIO_API of instance 2 is 9202, not 9200: the next free number after 9000 + 2 × 100; 9200 is SEARCH_9200 of instance 0."],
            PortNotes.Of(Studio.Stack, [search], Studio.Ports(2, search)));
    }

    [Fact]
    public void A_port_that_is_named_after_the_record_is_known()
    {
        PublishedPort db = new("db", 5432, 5432);
        var recorded = PortPlanner.Plan(Bare, [db], 1);
        var stack = Bare with { Ports = [new NamedPort("WEB", "web", 3000, new PortOwner(OwnerKind.App, "web"))] };

        var known = PortPlanner.Known(stack, 1, recorded);

        Assert.Equal((5532, 3100), (known.Of(db)!.Port, known.PortOf("WEB")));
        Assert.Same(recorded, PortPlanner.Known(Bare, 1, recorded));
    }

    [Fact]
    public void A_service_and_an_app_on_one_port_are_refused_by_name()
    {
        var stack = Bare with
        {
            Pm2Config = "ecosystem.config.cjs", Ports = [new NamedPort("API", "api", 4000, new PortOwner(OwnerKind.App, "api"))],
        };
        var model = RecordedCompose.Model("ties") with
        {
            Services = [new() { Name = "api", Ports = [new("api", 4000, 3998, Count: 3)] }],
        };

        var error = Assert.Throws<InstanceKitException>(() => PortPlanner.RequireOneUser(stack, model));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(
            "Port 4000 is used twice: service api publishes it (docker/docker-compose.infra.yml), and app api listens on it (ecosystem.config.cjs).",
            error.Message);
        PortPlanner.RequireOneUser(stack, model with { Services = [model.Services[0] with { IsScaledToZero = true }] });
        PortPlanner.RequireOneUser(Bare, model);
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
