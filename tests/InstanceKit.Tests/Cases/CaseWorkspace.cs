using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Setup;
using InstanceKit.Instances;
using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Tests.Cases;

/// <summary>A workspace in the shape of a public report, written in the test, and its instances as they are generated.</summary>
internal sealed class CaseWorkspace(string name)
{
    private const string Root = "/home/dev/case";
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>What its stack file changes in the stack.</summary>
    public Func<StackDefinition, StackDefinition> StackFile { get; init; } = stack => stack;

    /// <summary>Adds a file.</summary>
    public CaseWorkspace With(string path, string text)
    {
        _files[path] = text.ReplaceLineEndings("\n");
        return this;
    }

    /// <summary>An instance.</summary>
    public CaseInstance Instance(int number)
    {
        var stack = new StackDefinition
        {
            Name = name,
            ConfigPrefix = name,
            ComposeFiles = ["compose.yaml"],
            Ports = [],
            Apps = [],
            Variables = [],
        };
        var spec = new InstanceSpec(StackFile(stack), Root, number);
        var model = ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            spec.Project, Root, [$"{Root}/compose.yaml"], [], [], new Dictionary<string, string>(),
            path => _files.GetValueOrDefault(Path.GetRelativePath(Root, path)))));
        return new CaseInstance(InstancePlanner.Create(spec, model, new Dictionary<string, EnvSource>()));
    }
}

/// <summary>The generated files of one instance of a case.</summary>
internal sealed class CaseInstance(InstancePlan plan)
{
    /// <summary>The plan.</summary>
    public InstancePlan Plan => plan;

    /// <summary>The changed variables of a service; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Node(service, ["environment"]) is YamlMappingNode mapping
            ? mapping.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString())
            : new Dictionary<string, string>();

    /// <summary>A changed list of a service; empty for none.</summary>
    public IReadOnlyList<string> List(string service, params string[] path) =>
        Node(service, path) is YamlSequenceNode list ? [.. list.Children.Select(c => c.ToString())] : [];

    private YamlMappingNode Root
    {
        get
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(plan.Files[^1].Content));
            return (YamlMappingNode)yaml.Documents[0].RootNode;
        }
    }

    private YamlNode? Node(string service, string[] path)
    {
        var node = ((YamlMappingNode)Root.Children["services"]).Children[service];
        foreach (var key in path)
        {
            if (node is not YamlMappingNode mapping || !mapping.Children.TryGetValue(key, out var child))
                return null;
            node = child;
        }

        return node;
    }
}
