using System.Text;
using System.Text.Json;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class ComposeModelReaderTests
{
    private static readonly ComposeModel Model = RecordedCompose.Model("reading");

    [Fact]
    public void Reading() => Snapshot.Verify(Describe(Model), "txt");

    [Fact]
    public void Services_are_in_ordinal_order() =>
        Assert.Equal(Model.Services.Select(s => s.Name).Order(StringComparer.Ordinal), Model.Services.Select(s => s.Name));

    [Fact]
    public void Ports_of_a_range_are_each_their_own_and_a_choice_stays_one()
    {
        Assert.Contains(new PublishedPort("ports", 4001, 4001), Model.Ports);
        Assert.Contains(new PublishedPort("ports", 80, 3000, Count: 6), Model.Ports);
    }

    [Theory]
    [InlineData("check-default", 30, 3)]
    [InlineData("check-own", 90, 4)]
    [InlineData("check-zero", 30, 3)]
    public void What_a_health_check_leaves_open_is_the_engine_s_default(string service, int seconds, int retries) =>
        Assert.Equal(new ComposeHealthCheck(false, TimeSpan.FromSeconds(seconds), retries), Service(service).HealthCheck);

    [Theory]
    [InlineData("check-disabled")]
    [InlineData("check-none")]
    public void A_health_check_that_is_switched_off_is_known(string service) =>
        Assert.True(Service(service).HealthCheck!.IsDisabled);

    [Fact]
    public void No_health_check_is_none() => Assert.Null(Service("ports").HealthCheck);

    [Theory]
    [InlineData("depends-list", true)]
    [InlineData("host", true)]
    [InlineData("depends-conditions", false)]
    [InlineData("ports", false)]
    public void A_restart_policy_tells_whether_it_comes_back(string service, bool isRestarted) =>
        Assert.Equal(isRestarted, Service(service).IsRestarted);

    [Fact]
    public void A_variable_from_the_shell_has_no_value_and_an_empty_one_has()
    {
        var environment = Service("environment").Environment;

        Assert.Equal((null, "", "5", "true"), (environment["FROM_SHELL"], environment["EMPTY"], environment["NUMBER"], environment["TRUTH"]));
    }

    [Fact]
    public void The_fingerprint_follows_the_text()
    {
        var json = RecordedCompose.Json("reading");

        Assert.Equal(Model.Fingerprint, ComposeModelReader.Read(json).Fingerprint);
        Assert.NotEqual(
            Model.Fingerprint,
            ComposeModelReader.Read(json.Replace("alpine:3", "alpine:4", StringComparison.Ordinal)).Fingerprint);
    }

    [Fact]
    public void A_project_without_services_is_empty() =>
        Assert.Empty(ComposeModelReader.Read("""{"name":"p","services":{},"networks":null}""").Services);

    [Theory]
    [InlineData("")]
    [InlineData("services: {}")]
    [InlineData("{\"name\":")]
    public void What_is_no_JSON_is_said_so(string text) =>
        Assert.ThrowsAny<JsonException>(() => ComposeModelReader.Read(text));

    private static ComposeService Service(string name) => Model.Services.Single(s => s.Name == name);

    private static string Describe(ComposeModel model)
    {
        var text = new StringBuilder($"project {model.Project}\n");
        foreach (var service in model.Services)
        {
            text.Append($"service {service.Name}");
            text.Append(service.ContainerName is { } name ? $", container {name}" : "");
            text.Append(service.Restart is { } restart ? $", restart {restart}" : "");
            text.Append(service.NetworkMode is { } mode ? $", network mode {mode}" : "").Append('\n');
            foreach (var port in service.Ports)
                text.Append($"  port {port.HostAddress ?? "any"} {port.BasePort?.ToString() ?? "free"} to {port.TargetPort}/{port.Protocol}\n");
            foreach (var (key, value) in service.Environment)
                text.Append($"  variable {key} = {JsonSerializer.Serialize(value)}\n");
            if (service.Command is { } command)
                text.Append($"  command {JsonSerializer.Serialize(command)}\n");
            foreach (var (needed, condition) in service.DependsOn)
                text.Append($"  needs {needed}: {condition}\n");
            if (service.HealthCheck is { } check)
                text.Append($"  health check {(check.IsDisabled ? "off" : "on")}, every {check.Interval}, {check.Retries} times\n");
        }

        foreach (var (kind, resources) in new (string, IReadOnlyList<ComposeResource>)[] { ("network", model.Networks), ("volume", model.Volumes) })
        {
            foreach (var resource in resources)
                text.Append($"{kind} {resource.Key} is {(resource.IsExternal ? "external " : "")}{resource.Name}\n");
        }

        return text.ToString();
    }
}
