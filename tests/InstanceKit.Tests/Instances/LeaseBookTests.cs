using CsCheck;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class LeaseBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 22, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = Now.AddDays(-3);

    private static readonly Gen<Lease> AnyLease =
        from workspace in Gen.OneOf<string>("/a", "/b", "/c")
        from number in Gen.Int[0, 5]
        from port in Gen.Int[1, 12]
        from stack in Gen.OneOf<string>("one", "two")
        select Lease(workspace, number, stack, $"tcp/{port}", $"tcp/{port + 1}");

    private static readonly Gen<LeaseBook> AnyBook = AnyLease.List[0, 12].Select(all => all.Aggregate(LeaseBook.Empty, Claim));

    [Theory]
    [InlineData("/b", 1, "shipsec", "tcp/9", "/a 1 project")]
    [InlineData("/b", 2, "shipsec", "tcp/5533", "/a 1 tcp/5533")]
    [InlineData("/b", 1, "other", "tcp/5533", "/a 1 tcp/5533")]
    [InlineData("/b", 1, "other", "udp/5533", "")]
    [InlineData("/b", 2, "shipsec", "tcp/9", "")]
    [InlineData("/a", 1, "shipsec", "tcp/5533", "")]
    [InlineData("/a", 18, "shipsec", "tcp/5533", "/a 1 tcp/5533")]
    public void A_project_and_a_port_have_one_owner(string workspace, int number, string stack, string port, string conflict)
    {
        var book = LeaseBook.Empty.With(Lease("/a", 1, "shipsec", "tcp/5533", "tcp/7333"));

        var found = book.FindConflict(Lease(workspace, number, stack, port));

        Assert.Equal(conflict, found is null ? "" : $"{found.Holder.Workspace} {found.Holder.Number} {found.Port ?? "project"}");
    }

    /// <summary>What is there of a lease of <c>/a</c>, and whether it stays.</summary>
    [Theory]
    [InlineData("files", true)]
    [InlineData("engine", true)]
    [InlineData("processes", true)]
    [InlineData("young", true)]
    [InlineData("young, of a workspace that is gone", false)]
    [InlineData("nothing that can be seen of a workspace that is away", true)]
    [InlineData("no engine", true)]
    [InlineData("no engine, never run by Compose", false)]
    [InlineData("nothing", false)]
    public void What_nothing_is_left_of_is_dropped(string there, bool stays)
    {
        var lease = Lease("/a", 1, "shipsec", "tcp/1") with { Created = there.StartsWith("young", StringComparison.Ordinal) ? Now.AddSeconds(-5) : LongAgo };
        if (there == "no engine")
            lease = lease with { Infra = InfraMode.Compose };
        var facts = new MachineFacts
        {
            Now = Now,
            Engine = there.StartsWith("no engine", StringComparison.Ordinal) ? null : there == "engine" ? [InEngine("shipsec-dev-1", null)] : [],
            WithFiles = there == "files" ? new HashSet<(string, int)> { ("/a", 1) } : new HashSet<(string, int)>(),
            GoneWorkspaces = there.EndsWith("gone", StringComparison.Ordinal) ? new HashSet<string> { "/a" } : new HashSet<string>(),
            AwayWorkspaces = there.EndsWith("away", StringComparison.Ordinal) ? new HashSet<string> { "/a" } : new HashSet<string>(),
            LiveMarkers = there == "processes" ? new HashSet<string> { lease.OwnerMarker } : new HashSet<string>(),
        };

        Assert.Equal(stays, LeaseBook.Empty.With(lease).Heal(facts).Leases.Count == 1);
    }

    [Fact]
    public void What_was_lost_comes_back_from_what_is_there()
    {
        var found = Lease("/a", 1, "shipsec", "tcp/1");
        var facts = new MachineFacts { Now = Now, Engine = [InEngine("shipsec-dev-1", "/a")], Found = [found] };

        var healed = LeaseBook.Empty.Heal(facts);

        Assert.Equal([found], healed.Leases);
        Assert.NotNull(healed.FindConflict(Lease("/b", 1, "shipsec", "tcp/2")));
    }

    [Fact]
    public void The_label_of_before_a_move_does_not_bring_the_old_lease_back()
    {
        var moved = Lease("/b", 1, "shipsec", "tcp/1") with { MovedFrom = "/a" };
        var facts = new MachineFacts
        {
            Now = Now,
            Engine = [InEngine("shipsec-dev-1", "/a")],
            Found = [Lease("/a", 1, "shipsec", "tcp/1")],
            GoneWorkspaces = new HashSet<string> { "/a" },
        };

        Assert.Equal([moved], LeaseBook.Empty.With(moved).Heal(facts).Leases);
    }

    [Fact]
    public void A_lease_can_be_taken_along_only_from_a_folder_that_is_gone()
    {
        var book = LeaseBook.Empty.With(Lease("/a", 1, "shipsec", "tcp/1"));
        var wanted = Lease("/b", 1, "shipsec", "tcp/1");

        Assert.Null(book.FindMoved(wanted, new MachineFacts { Now = Now }));
        Assert.NotNull(book.FindMoved(wanted, new MachineFacts { Now = Now, GoneWorkspaces = new HashSet<string> { "/a" } }));
        Assert.Null(book.FindMoved(
            wanted with { Project = "other-dev-1" }, new MachineFacts { Now = Now, GoneWorkspaces = new HashSet<string> { "/a" } }));
    }

    [Fact]
    public void Leases_that_were_claimed_share_nothing() => AnyBook.Sample(book =>
        book.Leases.All(l => book.FindConflict(l) is null)
        && book.Leases.Select(l => (l.Workspace, l.Number)).Distinct().Count() == book.Leases.Count);

    [Fact]
    public void Claiming_twice_and_healing_twice_change_nothing_more() => Gen.Select(AnyBook, AnyLease, AnyLease.List[0, 6]).Sample((book, lease, found) =>
    {
        var facts = new MachineFacts { Now = Now, Engine = [], Found = found, WithFiles = found.Select(l => (l.Workspace, l.Number)).ToHashSet() };
        var healed = book.Heal(facts);
        return book.With(lease).With(lease).Leases.SequenceEqual(book.With(lease).Leases)
            && healed.Heal(facts).Leases.SequenceEqual(healed.Leases);
    });

    [Fact]
    public void Giving_back_frees_what_was_taken() => Gen.Select(AnyBook, AnyLease).Sample((book, lease) =>
    {
        var conflict = book.FindConflict(lease);
        var without = conflict is null ? book : book.Without(conflict.Holder.Workspace, conflict.Holder.Number);
        return conflict is null || without.FindConflict(lease)?.Holder != conflict.Holder;
    });

    private static LeaseBook Claim(LeaseBook book, Lease lease) => book.FindConflict(lease) is null ? book.With(lease) : book;

    private static Lease Lease(string workspace, int number, string stack, params string[] ports) => new()
    {
        Workspace = workspace,
        Project = $"{stack}-dev-{number}",
        Stack = stack,
        Number = number,
        Footprint = new InstanceFootprint { Ports = ports },
        Created = LongAgo,
    };

    private static EngineInstance InEngine(string project, string? workspace) =>
        new() { Project = project, Stack = "shipsec", Number = 1, Workspace = workspace };
}
