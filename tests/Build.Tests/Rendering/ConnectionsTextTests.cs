using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Stacks;
using InstanceKit.Tests;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class ConnectionsTextTests
{
    private static readonly NextCommand Next = new("./build.sh", "");

    /// <summary>The worker of instance 1 talks to its own database, to instance 0, to this machine and to another one.</summary>
    internal static IReadOnlyList<InstanceConnections> Looks { get; } =
    [
        new InstanceConnections(
            1, "shipsec-dev-1",
            [
                new InstanceConnection(App("worker"), Service("postgres", "127.0.0.1:5533"), 5),
                new InstanceConnection(App("worker"), Service("backend", "127.0.0.1:3211") with { Owner = ConnectionOwner.Instance, Kind = OwnerKind.App, Instance = 0, Project = "shipsec-dev-0", Process = "node", Pid = 3000 }, 1)
                {
                    Variables = ["BACKEND_URL"],
                },
                new InstanceConnection(App("worker"), new ConnectionEnd { Owner = ConnectionOwner.Outside, Address = "93.184.216.34:443" }, 2),
                new InstanceConnection(new ConnectionEnd { Owner = ConnectionOwner.Machine, Address = "127.0.0.1:50123", Process = "firefox", Pid = 77 }, App("frontend") with { Address = "127.0.0.1:5273" }, 1),
            ],
            ["The connections of redis can't be read on this machine: its processes are another user's."]),
        new InstanceConnections(2, "shipsec-dev-2", [], []) { Untranslated = 3 },
    ];

    [Theory]
    [InlineData(120)]
    [InlineData(50)]
    public void Shows_who_talks_to_whom_and_names_what_talks_to_another_instance(int width)
    {
        var paper = Paper.Terminal(width);
        paper.Output.Data.Write(new ConnectionsText(paper.Output.Data.Traits, Next).Draw(Looks, Specimens.Workspace));

        Snapshot.Verify(paper.Data, "txt", testMethod: $"Connections_{width}");
    }

    [Fact]
    public void Cross_talk_decides_the_exit_code()
    {
        Assert.Equal(ExitCode.NotReady, CrossTalkRule.ExitCodeOf(Looks));
        Assert.Equal(ExitCode.Ok, CrossTalkRule.ExitCodeOf([Looks[1]]));
        Assert.Equal(ExitCode.Ok, CrossTalkRule.ExitCodeOf([]));
    }

    [Fact]
    public void A_client_s_next_port_is_no_change()
    {
        var moved = Looks[0] with { Connections = [.. Looks[0].Connections.Select(c => c with { Client = c.Client with { Address = "127.0.0.1:60000" }, Count = 9 })] };

        Assert.Equal(ConnectionsChange.Of([Looks[0]]), ConnectionsChange.Of([moved]));
        Assert.NotEqual(ConnectionsChange.Of([Looks[0]]), ConnectionsChange.Of([Looks[0] with { Connections = [Looks[0].Connections[0]] }]));
    }

    [Fact]
    public void Another_workspace_and_what_is_unknown_are_named()
    {
        var connection = new InstanceConnection(
            new ConnectionEnd { Owner = ConnectionOwner.Instance, Address = "172.20.0.2:1", Project = "x-dev-3", Name = "api", Instance = 3, Workspace = "/home/ann/x", Pid = 5 },
            App("backend"), 1) { Variables = ["A", "B"] };

        Assert.Equal(
            "api of instance 3 in /home/ann/x (pid 5) is connected to backend of instance 1 (node, pid 4242): 172.20.0.2:1 → 127.0.0.1:50000. "
            + "Its variables A, B name that address.",
            connection.Describe());
    }

    private static ConnectionEnd App(string name) => new()
    {
        Owner = ConnectionOwner.Own, Address = "127.0.0.1:50000", Instance = 1, Project = "shipsec-dev-1", Kind = OwnerKind.App, Name = name, Process = "node", Pid = 4242,
    };

    private static ConnectionEnd Service(string name, string address) => new()
    {
        Owner = ConnectionOwner.Own, Address = address, Instance = 1, Project = "shipsec-dev-1", Kind = OwnerKind.Service, Name = name,
    };
}
