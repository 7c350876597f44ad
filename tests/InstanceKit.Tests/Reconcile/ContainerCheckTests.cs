using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class ContainerCheckTests
{
    private const string Label = "instance";

    private static readonly ObservedContainer Redis = new()
    {
        Id = "1", Name = "p-redis-1", Service = "redis", State = ContainerState.Running, Instance = "1", Published = [6479],
        Networks = new Dictionary<string, IReadOnlyList<string>> { ["p_default"] = ["p-redis-1", "redis"] },
    };

    [Fact]
    public void A_service_is_done_when_it_ended_only_if_nothing_says_that_it_serves()
    {
        var model = Model(
            new ComposeService { Name = "published", Ports = [new PublishedPort("published", 6379, 6479)] },
            new ComposeService { Name = "checked", HealthCheck = new ComposeHealthCheck(false, TimeSpan.FromSeconds(1), 3) },
            new ComposeService { Name = "unchecked", HealthCheck = new ComposeHealthCheck(true, TimeSpan.FromSeconds(1), 3) },
            new ComposeService { Name = "needed" },
            new ComposeService { Name = "awaited" },
            new ComposeService { Name = "migration", Ports = [new PublishedPort("migration", 1, 1)] },
            new ComposeService
            {
                Name = "worker", DependsOn = new Dictionary<string, string> { ["awaited"] = "service_started", ["migration"] = "service_completed_successfully" },
            });

        Assert.Equal(
            [
                "published: it publishes port 6479", "checked: it has a health check", "unchecked: done", "needed: app backend needs it",
                "awaited: service worker depends on it without the condition service_completed_successfully", "migration: done", "worker: done",
            ],
            ContainerCheck.Expect(model, [App("needed")], Label).Select(e => $"{e.Service}: {e.MustRun ?? "done"}"));
    }

    [Theory]
    [InlineData(false, "it has a health check")]
    [InlineData(true, null)]
    public void The_health_check_of_an_image_says_so_too_unless_others_wait_for_its_end(bool isOneShot, string? expected) => Assert.Equal(
        expected,
        ContainerCheck.Apply([Redis with { HealthTest = ["CMD", "redis-cli"] }], [new ExpectedContainer("redis") { IsOneShot = isOneShot }], [])[0].MustRun);

    [Fact]
    public void Without_a_record_of_Up_the_port_plan_says_who_serves()
    {
        Assert.Equal("it publishes ports", ContainerCheck.Apply([Redis], null, ["redis"])[0].MustRun);
        Assert.Null(ContainerCheck.Apply([Redis], null, ["postgres"])[0].MustRun);
    }

    [Fact]
    public void A_container_with_all_that_its_service_needs_lacks_nothing() => Assert.Null(LackOf(Redis));

    [Fact]
    public void What_was_taken_away_is_named()
    {
        Assert.Equal(
            "its container was not created by this tool (it has no label of this instance)", LackOf(Redis with { Instance = null }));
        Assert.Equal(
            "it is not connected to network p_default", LackOf(Redis with { Networks = new Dictionary<string, IReadOnlyList<string>>() }));
        Assert.Equal(
            "it has lost its name on network p_default",
            LackOf(Redis with { Networks = new Dictionary<string, IReadOnlyList<string>> { ["p_default"] = ["0123456789ab"] } }));
        Assert.Equal("it no longer publishes port 6479/tcp", LackOf(Redis with { Published = [6379] }));
        Assert.Null(LackOf(Redis with { Published = [], State = ContainerState.Exited }));
    }

    [Theory]
    [InlineData(7000, null)]
    [InlineData(7005, null)]
    [InlineData(7006, "it no longer publishes port 7000-7005/udp")]
    public void Any_port_of_a_range_will_do(int published, string? expected)
    {
        var model = Model(new ComposeService
        {
            Name = "redis", Ports = [new PublishedPort("redis", 1, 7000, "udp", Count: 6)], Networks = [new ComposeServiceNetwork("default", [], null, null)],
        });

        Assert.Equal(
            expected, ContainerCheck.Apply([Redis with { PublishedUdp = [published] }], ContainerCheck.Expect(model, [], Label), [])[0].Lacks);
    }

    private static string? LackOf(ObservedContainer container)
    {
        var model = Model(new ComposeService
        {
            Name = "redis", Labels = new Dictionary<string, string?> { [Label] = "1" }, Ports = [new PublishedPort("redis", 6379, 6479)],
            Networks = [new ComposeServiceNetwork("default", [], null, null)],
        });
        return ContainerCheck.Apply([container], ContainerCheck.Expect(model, [], Label), [])[0].Lacks;
    }

    private static ComposeModel Model(params ComposeService[] services) =>
        new("p", services, [new ComposeNetwork("default", "p_default", false)], [], "print");

    private static AppPlan App(string need) => new()
    {
        Definition = new AppDefinition { Name = "backend", Directory = "backend" }, ProcessName = "b", Port = null, Needs = [new AppNeed(need, 1)],
    };
}
