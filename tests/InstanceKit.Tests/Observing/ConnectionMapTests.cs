using System.Net;
using CsCheck;
using InstanceKit.Engine;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>Two instances on one machine: 1 with backend (pid 11) and postgres, 0 with backend (pid 10), postgres and nginx.</summary>
public sealed class ConnectionMapTests
{
    private const string Own = "s-dev-1";
    private const string Other = "s-dev-0";

    private static readonly Party Backend = App(Own, 1, "backend");
    private static readonly Party Worker = App(Own, 1, "worker");
    private static readonly Party OtherBackend = App(Other, 0, "backend");

    private static readonly ReachableContainer Postgres = Container(Own, 1, "postgres", "172.21.0.2", "127.0.0.1:5533");
    private static readonly ReachableContainer OtherPostgres = Container(Other, 0, "postgres", "172.20.0.2", "127.0.0.1:5433", "0.0.0.0:7777");
    private static readonly ReachableContainer Nginx = Container(Own, 1, "nginx", "172.21.0.3");
    private static readonly ReachableContainer Foreign = new() { Id = "x", Name = "grafana", Addresses = [IPAddress.Parse("172.30.0.9")], Published = [IPEndPoint.Parse("0.0.0.0:3900")] };

    private static readonly Dictionary<int, Party> Processes = new() { [11] = Backend, [12] = Worker, [10] = OtherBackend };

    [Theory]
    [InlineData("127.0.0.1:5533", "own postgres")]
    [InlineData("127.0.0.1:5433", "instance postgres 0")]
    [InlineData("[::1]:7777", "instance postgres 0")]
    [InlineData("172.20.0.2:5432", "instance postgres 0")]
    [InlineData("172.21.0.2:5432", "own postgres")]
    [InlineData("127.0.0.1:3211", "instance backend 0")]
    [InlineData("192.168.1.7:3311", "own backend")]
    [InlineData("172.17.0.1:3900", "machine grafana")]
    [InlineData("172.30.0.9:3000", "machine grafana")]
    [InlineData("127.0.0.1:631", "machine ")]
    [InlineData("93.184.216.34:443", "outside ")]
    public void An_app_s_connection_is_mapped_to_who_owns_the_other_end(string server, string expected)
    {
        var link = Assert.Single(Map(Socket("127.0.0.1:50000", server, 12)).Of(Own));

        Assert.Equal(Worker, link.Client.Party);
        Assert.Equal(12, link.Client.Pid);
        Assert.Equal(expected, Words(link.Server));
    }

    [Theory]
    [InlineData("172.20.0.2:5432", "instance postgres 0")]
    [InlineData("172.21.0.1:3211", "instance backend 0")]
    [InlineData("172.17.0.1:7777", "instance postgres 0")]
    [InlineData("172.21.0.2:5432", "own postgres")]
    [InlineData("172.21.0.1:3311", "own backend")]
    [InlineData("10.0.0.9:80", "outside ")]
    public void A_container_s_connection_is_mapped_from_its_own_network(string server, string expected)
    {
        var link = Assert.Single(Map(tables: Table(Nginx, Socket("172.21.0.3:50000", server, null))).Of(Own));

        Assert.Equal("own nginx", Words(link.Client));
        Assert.Equal(expected, Words(link.Server));
    }

    [Fact]
    public void Who_connects_to_an_app_is_found_at_the_other_end()
    {
        var links = Map(
            Socket("127.0.0.1:3311", "127.0.0.1:50001", 11), Socket("127.0.0.1:50001", "127.0.0.1:3311", 10),
            Socket("172.21.0.1:3311", "172.20.0.2:50002", 11), Socket("127.0.0.1:3311", "127.0.0.1:50003", 11)).Of(Own);

        Assert.Equal(["instance backend 0", "instance postgres 0", "machine "], links.Select(l => Words(l.Client)));
        Assert.All(links, l => Assert.Equal(Backend, l.Server.Party));
        Assert.Equal(10, links[0].Client.Pid);
    }

    [Fact]
    public void A_connection_within_the_instance_is_listed_once_and_one_with_itself_not_at_all() => Assert.Single(
        Map(
            Socket("127.0.0.1:50001", "127.0.0.1:3311", 12), Socket("127.0.0.1:3311", "127.0.0.1:50001", 11),
            Socket("127.0.0.1:50002", "127.0.0.1:3311", 11), Socket("127.0.0.1:3311", "127.0.0.1:50002", 11)).Of(Own));

    [Fact]
    public void What_reaches_a_container_through_its_published_port_is_listed_at_its_client_alone() => Assert.Equal(
        [new LinkEnd(Worker, IPEndPoint.Parse("127.0.0.1:50001"), 12)],
        Map(
            [Socket("127.0.0.1:50001", "127.0.0.1:5533", 12), Socket("172.21.0.1:50009", "172.21.0.2:5432", 99)],
            Table(Postgres, Listener("0.0.0.0:5432"), Socket("172.21.0.2:5432", "172.21.0.1:50009", null))).Of(Own).Select(l => l.Client));

    [Fact]
    public void An_app_of_another_instance_that_reaches_a_container_by_its_address_is_listed() => Assert.Equal(
        ["instance backend 0"],
        Map(
            [Socket("172.21.0.1:50009", "172.21.0.2:5432", 10)],
            Table(Postgres, Listener("0.0.0.0:5432"), Socket("172.21.0.2:5432", "172.21.0.1:50009", null))).Of(Own).Select(l => Words(l.Client)));

    [Fact]
    public void Containers_with_one_network_have_one_table()
    {
        var shared = new ReachableContainer { Id = "sidecar", Name = "sidecar", Project = Own, Service = "sidecar", Instance = 1, NetworkMode = $"container:{Nginx.Id}" };
        var table = new ConnectionTable([Socket("172.21.0.3:50000", "172.20.0.2:5432", null)]);

        var link = Assert.Single(new ConnectionMap(Facts([], [shared, Nginx, OtherPostgres], new() { [shared.Id] = table, [Nginx.Id] = table })).Of(Own));

        Assert.Equal("own nginx", Words(link.Client));
    }

    [Fact]
    public void Without_an_answer_of_the_engine_a_port_is_whose_plan_has_it()
    {
        var facts = Facts([Socket("127.0.0.1:50000", "127.0.0.1:5433", 12)], [], []) with
        {
            Containers = null, Planned = new Dictionary<int, Party> { [5433] = new(Other, 0, OwnerKind.Service, "postgres") },
        };

        Assert.Equal("instance postgres 0", Words(Assert.Single(new ConnectionMap(facts).Of(Own)).Server));
    }

    [Fact]
    public void Both_instances_see_a_connection_between_them_and_no_other_one() =>
        Gen.Select(Gen.Int[10, 12], Gen.Int[10, 11], Gen.Int[40000, 60000]).Sample((client, server, port) =>
        {
            var (near, far) = ($"127.0.0.1:{port}", server == 10 ? "127.0.0.1:3211" : "127.0.0.1:3311");
            var map = Map(Socket(near, far, client), Socket(far, near, server));
            var (from, to) = (Processes[client], Processes[server]);

            foreach (var project in new[] { Own, Other })
            {
                var links = map.Of(project);
                var concerned = new[] { from, to }.Count(p => p.Project == project);
                Assert.Equal(concerned > 0 && from != to ? [(from, to)] : [], links.Select(l => (l.Client.Party!, l.Server.Party!)));
                Assert.All(links, l => Assert.Equal(
                    concerned == 2 ? ConnectionOwner.Own : ConnectionOwner.Instance, l.OtherFor(project).OwnerFor(project)));
            }
        });

    private static string Words(LinkEnd end) =>
        $"{end.OwnerFor(Own).ToString().ToLowerInvariant()} {end.Party?.Name}{(end.OwnerFor(Own) == ConnectionOwner.Instance ? $" {end.Party!.Instance}" : "")}";

    private static ConnectionMap Map(params KernelSocket[] sockets) => Map(sockets, []);

    private static ConnectionMap Map(Dictionary<string, ConnectionTable> tables) => Map([], tables);

    private static ConnectionMap Map(KernelSocket[] sockets, Dictionary<string, ConnectionTable> tables) =>
        new(Facts(sockets, [Postgres, OtherPostgres, Nginx, Foreign], tables));

    private static ConnectionFacts Facts(KernelSocket[] sockets, IReadOnlyList<ReachableContainer> containers, Dictionary<string, ConnectionTable> tables) => new()
    {
        Host = new ConnectionTable([.. sockets, Listener("0.0.0.0:3211", 10), Listener("[::]:3311", 11), Listener("127.0.0.1:631")]),
        HostAddresses = new Lazy<IReadOnlySet<IPAddress>>(new[] { "172.17.0.1", "172.20.0.1", "172.21.0.1", "192.168.1.7" }.Select(IPAddress.Parse).ToHashSet()),
        Processes = Processes,
        Containers = containers,
        Tables = tables,
    };

    private static Dictionary<string, ConnectionTable> Table(ReachableContainer container, params KernelSocket[] sockets) =>
        new() { [container.Id] = new ConnectionTable(sockets) };

    private static Party App(string project, int number, string name) => new(project, number, OwnerKind.App, name);

    private static ReachableContainer Container(string project, int number, string service, string address, params string[] published) => new()
    {
        Id = $"{project}-{service}", Name = $"{project}-{service}-1", Project = project, Service = service, Instance = number,
        Addresses = [IPAddress.Parse(address)], Published = [.. published.Select(IPEndPoint.Parse)],
    };

    private static KernelSocket Socket(string local, string remote, int? pid) =>
        new(IPEndPoint.Parse(local), IPEndPoint.Parse(remote), local.GetHashCode(StringComparison.Ordinal)) { Pid = pid };

    private static KernelSocket Listener(string local, int? pid = null) => new(IPEndPoint.Parse(local), null, 0) { Pid = pid };
}

public sealed class AddressVariablesTests
{
    [Theory]
    [InlineData("PEER_URL=http://localhost:3211", true)]
    [InlineData("PEER=host.docker.internal:3211/x", true)]
    [InlineData("API_PORT=3211", true)]
    [InlineData("DSN=host=localhost port=3211", true)]
    [InlineData("PEER_URL=http://localhost:32110", false)]
    [InlineData("PEER_URL=http://localhost:13211", false)]
    [InlineData("ORDER_ID=3211", false)]
    [InlineData("pm_note=localhost:3211", false)]
    [InlineData("NAME", false)]
    [InlineData("AT=:3211", false)]
    public void A_variable_names_an_address_in_every_form(string variable, bool expected) => Assert.Equal(
        expected ? [variable.Split('=')[0]] : [], AddressVariables.Find(["HOME=/root", variable, ""], IPEndPoint.Parse("127.0.0.1:3211")));

    [Theory]
    [InlineData("DATABASE_URL=postgres://localhost/app", 5432)]
    [InlineData("REDIS_URL=", 6379)]
    public void A_default_port_is_an_address_too(string variable, int port) =>
        Assert.Single(AddressVariables.Find([variable], new IPEndPoint(IPAddress.Loopback, port)));
}
