using CsCheck;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Setup;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Tests.Compose;

public sealed class ComposeOverrideProperties
{
    private static readonly Gen<(ComposeModel Model, InstanceSpec Spec, PortPlan Ports)> Instance = Gen.Select(
        ComposeGen.Model, ComposeGen.Text, Gen.OneOf<string>("127.0.0.1", "::1", "0.0.0.0"), (model, folder, address) =>
        {
            // No path of any system has this character.
            var workspace = "/home/" + folder.Replace("\0", "", StringComparison.Ordinal);
            var spec = new InstanceSpec(Studio.Stack with { BindAddress = address, AllowsHostNetwork = true, AllowsSharedData = true }, workspace, 1);
            return (model, spec, PortPlanner.Plan(spec.Stack, model.Ports, 1));
        });

    [Fact]
    public void The_YAML_reads_back_as_the_model() => Instance.Sample((model, spec, ports) =>
    {
        var written = ComposeOverride.Create(model, spec, ports);
        var root = Load(ComposeOverrideWriter.Write(written, spec.Project));

        Assert.Equal(written.Services.Select(s => s.Name), Names(root, "services"));
        foreach (var service in written.Services)
            RequireEqual(service, Mapping(root, "services", service.Name));
        RequireEqual(written.Networks, written.Labels, root, "networks");
        RequireEqual(written.Volumes, written.Labels, root, "volumes");
    }, iter: 500);

    [Fact]
    public void Every_key_is_text_to_any_reader() => Instance.Sample((model, spec, ports) => Assert.All(
        Load(ComposeOverrideWriter.Write(ComposeOverride.Create(model, spec, ports), spec.Project))
            .AllNodes.OfType<YamlMappingNode>().SelectMany(m => m.Children.Keys).Cast<YamlScalarNode>()
            .Where(k => k.Style == ScalarStyle.Plain),
        k => Assert.False(IsAmbiguous(k.Value!), $"{k.Value} is plain")), iter: 500);

    [Fact]
    public void Only_our_own_labels_are_escaped_against_interpolation() => Instance.Sample((model, spec, ports) =>
    {
        var root = Load(ComposeOverrideWriter.Write(ComposeOverride.Create(model, spec, ports), spec.Project));

        Assert.All(model.Services, s => Assert.Equal(
            spec.Workspace.Replace("$", "$$", StringComparison.Ordinal),
            Scalar(Mapping(Mapping(root, "services", s.Name), "labels"), InstanceLabels.Workspace)));
    }, iter: 1_000);

    [Fact]
    public void With_the_override_no_tie_is_left() => Instance.Sample((model, spec, ports) => Assert.Empty(
        ComposeProof.FindTies(ComposeMerge.Apply(model, ComposeOverride.Create(model, spec, ports)), spec, ports, model)), iter: 500);

    [Fact]
    public void A_second_override_has_no_address_left_to_change() => Instance.Sample((model, spec, ports) =>
    {
        var merged = ComposeMerge.Apply(model, ComposeOverride.Create(model, spec, ports));
        var again = ComposeOverride.Create(merged, spec, ports);

        Assert.All(again.Services, s => Assert.Equal((0, null, false, null), (s.Environment.Count, s.Command, s.ResetsContainerName, s.HealthCheck)));
    }, iter: 500);

    private static void RequireEqual(ServiceOverride expected, YamlMappingNode node)
    {
        Assert.Equal(expected.ResetsContainerName, node.Children.ContainsKey("container_name"));
        if (expected.ResetsContainerName)
            Assert.Equal(("!reset", "null"), (node.Children["container_name"].Tag.Value, Scalar(node, "container_name")));

        Assert.Equal(expected.Ports.Count > 0, node.Children.ContainsKey("ports"));
        if (expected.Ports.Count > 0)
            Assert.Equal("!override", node.Children["ports"].Tag.Value);
        Assert.Equal(expected.Ports, Items(node, "ports") ?? []);
        Assert.Equal(expected.Command, Items(node, "command"));
        Assert.Equal(expected.Environment, Pairs(node, "environment"));
        Assert.Equal(
            expected.HealthCheck is { } c ? $"{GoDuration.Print(c.Interval)} {c.Retries}" : null,
            node.Children.ContainsKey("healthcheck")
                ? $"{Scalar(Mapping(node, "healthcheck"), "interval")} {Scalar(Mapping(node, "healthcheck"), "retries")}"
                : null);
    }

    private static void RequireEqual(
        IReadOnlyList<ResourceOverride> expected, IReadOnlyDictionary<string, string> labels, YamlMappingNode root, string section)
    {
        Assert.Equal(expected.Select(r => r.Key), Names(root, section));
        foreach (var resource in expected)
        {
            var node = Mapping(root, section, resource.Key);
            Assert.Equal(resource.Name, node.Children.ContainsKey("name") ? Scalar(node, "name") : null);
            Assert.Equal(labels.ToDictionary(l => l.Key, l => l.Value.Replace("$", "$$", StringComparison.Ordinal)), Pairs(node, "labels"));
        }
    }

    /// <summary>Whether YAML 1.1 or 1.2 takes a plain scalar for something else than text.</summary>
    private static bool IsAmbiguous(string text) =>
        text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] == '_')
        || text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n";

    private static YamlMappingNode Load(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
    }

    private static YamlMappingNode Mapping(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, (at, key) => (YamlMappingNode)at.Children[key]);

    private static string Scalar(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;

    private static IEnumerable<string> Names(YamlMappingNode root, string section) =>
        root.Children.ContainsKey(section) ? Mapping(root, section).Children.Keys.Select(k => ((YamlScalarNode)k).Value!) : [];

    private static IEnumerable<string>? Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var items) ? ((YamlSequenceNode)items).Select(i => ((YamlScalarNode)i).Value!) : null;

    private static Dictionary<string, string> Pairs(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var pairs)
            ? ((YamlMappingNode)pairs).ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => ((YamlScalarNode)p.Value).Value!)
            : [];
}
