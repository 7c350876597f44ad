using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Models;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class ComposeOverrideTests
{
    private static readonly ComposeModel Ties = RecordedCompose.Model("ties");

    [Fact]
    public void What_is_left_alone_is_said() => Assert.Equal(
        [
            "Service agent uses network_mode: host; its ports can't be moved and are shared by all instances.",
            "Service api answers to studio-api-1 instead of studio-api on network studio-shared, which all instances share.",
            "Network studio-shared is external: it is not changed, and all instances share it; on it, api can resolve to any instance.",
            "Volume kept-elsewhere is external: it is not changed, and all instances share it.",
        ],
        Override(Ties).Notes);

    [Fact]
    public void A_plain_workspace_needs_no_word() => Assert.Empty(Override(RecordedCompose.Model("studio")).Notes);

    [Fact]
    public void A_fixed_name_is_replaced_and_one_of_the_project_is_kept()
    {
        var written = Override(Ties);

        Assert.Equal([("default", "shipsec-dev-1_default")], written.Networks.Select(n => (n.Key, n.Name)));
        Assert.Equal([("data", "shipsec-dev-1_data"), ("plain", null)], written.Volumes.Select(v => (v.Key, v.Name)));
    }

    [Theory]
    [InlineData(30_000, 5, 75)]
    [InlineData(5_000, 10, 25)]
    [InlineData(3_000, 3, 5)]
    [InlineData(2_001, 1, 2)]
    public void A_service_that_Compose_waits_for_is_asked_every_two_seconds_with_the_same_patience(int interval, int retries, int scaled) =>
        Assert.Equal(
            new ComposeHealthCheck(false, TimeSpan.FromSeconds(2), scaled),
            HealthCheckOf(new ComposeHealthCheck(false, TimeSpan.FromMilliseconds(interval), retries)));

    [Fact]
    public void A_quick_health_check_and_one_that_is_off_stay()
    {
        Assert.Null(HealthCheckOf(null));
        Assert.Null(HealthCheckOf(new ComposeHealthCheck(false, TimeSpan.FromSeconds(2), 3)));
        Assert.Null(HealthCheckOf(new ComposeHealthCheck(true, TimeSpan.FromSeconds(30), 3)));
    }

    [Fact]
    public void The_health_check_of_a_service_that_none_waits_for_or_the_tool_itself_stays()
    {
        var check = new ComposeHealthCheck(false, TimeSpan.FromSeconds(30), 3);

        Assert.Null(HealthCheckOf(check, isAwaited: false));
        Assert.Null(HealthCheckOf(check, byCompose: false));
        Assert.All(Override(RecordedCompose.Model("studio")).Services, s => Assert.Null(s.HealthCheck));
    }

    [Fact]
    public void Containers_networks_and_volumes_name_their_workspace()
    {
        var written = Override(Ties);

        Assert.All(written.Services, s => Assert.Equal(Studio.Workspace, s.Labels[InstanceLabels.Workspace]));
        Assert.Equal(Studio.Workspace, written.Labels[InstanceLabels.Workspace]);
        Assert.Equal(("1", "shipsec"), (written.Labels[InstanceLabels.Instance], written.Labels[InstanceLabels.Stack]));
    }

    [Fact]
    public void A_service_without_a_fixed_container_name_resets_none() => Assert.Equal(
        ["api"], Override(Ties).Services.Where(s => s.ResetsContainerName).Select(s => s.Name));

    [Fact]
    public void A_service_on_the_host_s_network_is_refused_unless_the_stack_allows_it()
    {
        var refusal = Assert.Throws<InstanceKitException>(
            () => ComposeOverride.Create(Ties, Studio.Spec(1), PortPlanner.Plan(Studio.Stack, Ties.Ports, 1)));

        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.Contains("agent uses network_mode: host", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The order of a start is left to Compose where a dependency is optional.</summary>
    private static ComposeHealthCheck? HealthCheckOf(ComposeHealthCheck? check, bool isAwaited = true, bool byCompose = true)
    {
        var waiting = new ComposeService
        {
            Name = "w", DependsOn = new Dictionary<string, string> { ["s"] = "service_healthy" }, HasOptionalDependency = byCompose,
        };
        var model = new ComposeModel(
            "shipsec-dev-1", [new ComposeService { Name = "s", HealthCheck = check }, .. isAwaited ? [waiting] : Array.Empty<ComposeService>()], [], [], "");
        return Override(model).Services[0].HealthCheck;
    }

    private static ComposeOverride Override(ComposeModel model) =>
        ComposeOverride.Create(model, Studio.SpecOnHost(1), PortPlanner.Plan(Studio.Stack, model.Ports, 1));
}
