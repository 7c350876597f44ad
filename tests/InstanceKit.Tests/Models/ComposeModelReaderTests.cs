using System.Text;
using System.Text.Json;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Models;

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
        Assert.Equal((false, TimeSpan.FromSeconds(seconds), retries), Known(Service(service).HealthCheck!));

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
        Assert.Throws<InstanceKitException>(() => ComposeModelReader.Read(text));

    [Theory]
    [InlineData("[\"a=1.1.1.1\",\"a=::1\",\"b=[::2]\"]")]
    [InlineData("[\"a:1.1.1.1\",\"a:::1\",\"b:[::2]\"]")]
    [InlineData("{\"a\":[\"1.1.1.1\",\"::1\"],\"b\":[\"::2\"]}")]
    public void Extra_hosts_are_read_as_every_version_prints_them(string hosts)
    {
        var service = ComposeModelReader.Read($"{{\"name\":\"p\",\"services\":{{\"s\":{{\"extra_hosts\":{hosts}}}}}}}").Services[0];

        Assert.Equal(["1.1.1.1", "::1"], service.ExtraHosts["a"]);
        Assert.Equal(["::2"], service.ExtraHosts["b"]);
    }

    [Theory]
    [InlineData("\"configs\":[{\"source\":\"a\",\"target\":\"/a\"}]", true)]
    [InlineData("\"secrets\":[{\"source\":\"a\"}]", true)]
    [InlineData("\"post_start\":[{\"command\":[\"true\"]}]", true)]
    [InlineData("\"provider\":{\"type\":\"model\"}", true)]
    [InlineData("\"use_api_socket\":true", true)]
    [InlineData("\"configs\":null,\"secrets\":[],\"use_api_socket\":false,\"image\":\"a\"", false)]
    public void What_only_Compose_can_start_is_known(string members, bool isStartedByCompose) => Assert.Equal(
        isStartedByCompose,
        ComposeModelReader.Read($"{{\"name\":\"p\",\"services\":{{\"s\":{{{members}}}}}}}").Services[0].IsStartedByCompose);

    [Theory]
    [InlineData("\"scale\":0", true)]
    [InlineData("\"deploy\":{\"replicas\":0}", true)]
    [InlineData("\"deploy\":{\"replicas\":10}", false)]
    [InlineData("\"deploy\":{\"mode\":\"replicated\"}", false)]
    [InlineData("\"deploy\":null,\"scale\":null", false)]
    [InlineData("\"image\":\"a\"", false)]
    public void What_is_to_have_no_container_is_left_out(string members, bool isLeftOut)
    {
        var model = ComposeModelReader.Read($"{{\"name\":\"p\",\"services\":{{\"s\":{{{members}}}}}}}");

        Assert.Equal(isLeftOut ? [] : ["s"], model.WithoutScaledToZero().Services.Select(s => s.Name));
        Assert.Single(model.Services);
    }

    private static (bool, TimeSpan, int) Known(ComposeHealthCheck check) => (check.IsDisabled, check.Interval, check.Retries);

    private static ComposeService Service(string name) => Model.Services.Single(s => s.Name == name);

    private static string Describe(ComposeModel model)
    {
        var text = new StringBuilder($"project {model.Project}\n");
        foreach (var service in model.Services)
            Describe(service, text);
        foreach (var network in model.Networks)
        {
            Describe("network", network, text);
            foreach (var range in network.Subnets)
                text.Append($"  range {range.Range}, gateway {range.Gateway ?? "none"}, pool {range.AddressPool ?? "whole"}{Pairs(range.Auxiliary)}\n");
        }

        foreach (var volume in model.Volumes)
            Describe("volume", volume, text);
        return text.ToString();
    }

    private static void Describe(string kind, ComposeResource resource, StringBuilder text) =>
        text.Append($"{kind} {resource.Key} is {(resource.IsExternal ? "external " : "")}{resource.Name}{Pairs(resource.DriverOptions)}\n");

    private static void Describe(ComposeService service, StringBuilder text)
    {
        text.Append($"service {service.Name}");
        foreach (var (name, value) in new[]
        {
            ("container", service.ContainerName), ("restart", service.Restart), ("network mode", service.NetworkMode),
            ("image", service.Image == "alpine:3" ? null : service.Image), ("host name", service.Hostname),
            ("built", service.IsBuilt ? "yes" : null),
        })
            text.Append(value is null ? "" : $", {name} {value}");
        text.Append('\n');
        foreach (var port in service.Ports)
        {
            var last = port.Count > 1 ? $"-{port.BasePort + port.Count - 1}" : "";
            text.Append($"  port {port.HostAddress ?? "any"} {port.BasePort?.ToString() ?? "free"}{last} to {port.TargetPort}/{port.Protocol}\n");
        }

        foreach (var (kind, values) in new[] { ("variable", service.Environment), ("argument", service.BuildArguments), ("label", service.Labels) })
        foreach (var (key, value) in values)
            text.Append($"  {kind} {key} = {JsonSerializer.Serialize(value)}\n");
        foreach (var (kind, words) in new[]
        {
            ("entry point", service.Entrypoint), ("command", service.Command), ("name servers", NullIfEmpty(service.Dns)),
            ("exposes", NullIfEmpty([.. service.Exposes.Select(e => e.ToString())])), ("volumes of", NullIfEmpty(service.VolumesFrom)),
            ("links", NullIfEmpty(service.ExternalLinks)), ("asked by", NullIfEmpty(service.HealthCheck?.Test ?? [])),
        })
            text.Append(words is null ? "" : $"  {kind} {JsonSerializer.Serialize(words)}\n");
        foreach (var place in service.Networks.Where(n => n is not { Network: "default", Aliases: [], Ipv4Address: null }))
            text.Append($"  on {place.Network} as [{string.Join(", ", place.Aliases)}] {place.Ipv4Address} {place.Ipv6Address}".TrimEnd() + "\n");
        foreach (var mount in service.Mounts)
            text.Append($"  mounts {mount.Type} {mount.Source ?? "nothing"} at {mount.Target}{(mount.IsReadOnly ? ", read-only" : "")}\n");
        foreach (var (name, addresses) in service.ExtraHosts)
            text.Append($"  host {name} is {string.Join(" or ", addresses)}\n");
        foreach (var (key, name) in service.ContainerReferences)
            text.Append($"  container {name} by {key}\n");
        foreach (var (needed, condition) in service.DependsOn)
            text.Append($"  needs {needed}: {condition}\n");
        if (service.HealthCheck is { } check)
            text.Append($"  health check {(check.IsDisabled ? "off" : "on")}, every {check.Interval}, {check.Retries} times\n");
    }

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> words) => words.Count == 0 ? null : words;

    private static string Pairs(IReadOnlyDictionary<string, string> values) =>
        string.Concat(values.Select(v => $", {v.Key} = {v.Value}"));
}
