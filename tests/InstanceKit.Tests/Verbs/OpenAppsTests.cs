using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Verbs;
using Xunit;

namespace InstanceKit.Tests.Verbs;

public sealed class OpenAppsTests
{
    [Fact]
    public void An_app_whose_own_port_is_open_to_all_is_noted() => Assert.Equal(
        ["frontend: App frontend listens on all interfaces (0.0.0.0:5273): other machines can reach it. To restrict it to this machine, let it "
            + "listen on 127.0.0.1 (Vite: server.host; others often HOST in its .env), unless containers must reach it."],
        Notes("127.0.0.1", new() { [5273] = "0.0.0.0:5273" }));

    [Fact]
    public void Its_further_ports_are_its_own_matter() => Assert.Empty(Notes("127.0.0.1", new() { [24678] = "[::]:24678" }));

    [Fact]
    public void An_app_on_loopback_is_not_noted() => Assert.Empty(Notes("127.0.0.1", []));

    [Theory]
    [InlineData("127.0.0.1", 1)]
    [InlineData("::1", 1)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("192.168.1.5", 0)]
    public void A_stack_that_is_bound_to_more_wants_it_so(string bind, int notes) =>
        Assert.Equal(notes, Notes(bind, new() { [5273] = "[::]:5273" }).Count);

    private static List<string> Notes(string bind, Dictionary<int, string> open)
    {
        var spec = Studio.Spec(1) with { Stack = Studio.Stack with { BindAddress = bind } };
        var process = new ObservedProcess
        {
            Name = "shipsec-frontend-1", Pid = 4711, State = ProcessState.Online, ListensOn = [5273, 24678], OpenToAll = open,
        };
        return
        [
            .. OpenApps.Describe(
                spec, [Studio.AppPlan(1, "frontend"), Studio.AppPlan(1, "backend"), Studio.AppPlan(1, "worker")],
                ObservedState.Nothing with { Processes = [process] }).Select(n => $"{n.App}: {n.Note}"),
        ];
    }
}
