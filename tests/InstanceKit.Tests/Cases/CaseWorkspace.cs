using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Setup;
using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Tests.Cases;

/// <summary>A workspace in the shape of a public report, written in the test, and its instances as they are generated.</summary>
internal sealed class CaseWorkspace(string name)
{
    private const string Root = "/home/dev/case";
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<(string Name, int? Port)> _apps = [];
    private readonly List<(string Service, string Path, string Target)> _mounts = [];

    /// <summary>What its stack file changes in the stack.</summary>
    public Func<StackDefinition, StackDefinition> StackFile { get; init; } = stack => stack;

    /// <summary>Adds a file.</summary>
    public CaseWorkspace With(string path, string text)
    {
        _files[path] = text.ReplaceLineEndings("\n");
        return this;
    }

    /// <summary>Adds a file that is mounted into a service.</summary>
    public CaseWorkspace Mounting(string service, string path, string target, string text)
    {
        _mounts.Add((service, path, target));
        return With(path, text);
    }

    /// <summary>Adds an app in the folder of its name.</summary>
    public CaseWorkspace WithApp(string app, int? port, string? env = null)
    {
        _apps.Add((app, port));
        return env is null ? this : With($"{app}/.env", env);
    }

    /// <summary>An instance.</summary>
    public CaseInstance Instance(int number)
    {
        var stack = new StackDefinition
        {
            Name = name,
            ConfigPrefix = name,
            ComposeFiles = ["compose.yaml"],
            Ports = [.. _apps.Where(a => a.Port is not null).Select(a => new NamedPort(a.Name.ToUpperInvariant(), a.Name, a.Port!.Value, new PortOwner(OwnerKind.App, a.Name), "http"))],
            Apps = [.. _apps.Select(a => new AppDefinition { Name = a.Name, Directory = a.Name, MayLackEnvFile = true, PortName = a.Port is null ? null : a.Name.ToUpperInvariant() })],
            Variables = [],
        };
        var spec = new InstanceSpec(StackFile(stack), Root, number);
        var model = ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            spec.Project, Root, [$"{Root}/compose.yaml"], [], [], new Dictionary<string, string>(),
            path => _files.GetValueOrDefault(Path.GetRelativePath(Root, path)))));
        var sources = _apps.Where(a => _files.ContainsKey($"{a.Name}/.env"))
            .ToDictionary(a => a.Name, a => new EnvSource($"{a.Name}/.env", _files[$"{a.Name}/.env"]));
        var configs = new ConfigSources(
            [.. _mounts.Select(m => new ConfigSource(m.Service, m.Target, m.Path, _files[m.Path], true, FileAudience.Containers))],
            model.Files.Where(f => f.Path is not null).ToDictionary(
                ConfigEntry.SourceKey, f => new ConfigSource("", "", Path.GetRelativePath(Root, f.Path!), _files[Path.GetRelativePath(Root, f.Path!)], true, FileAudience.Owner)));
        return new CaseInstance(InstancePlanner.Create(spec, model, sources, configs: configs));
    }
}

/// <summary>The generated files of one instance of a case.</summary>
internal sealed class CaseInstance(InstancePlan plan)
{
    /// <summary>The plan.</summary>
    public InstancePlan Plan => plan;

    /// <summary>The text of a generated file.</summary>
    public string File(string name) => plan.Files.Single(f => f.Name == name).Content;

    /// <summary>The variables of an app.</summary>
    public IReadOnlyDictionary<string, string> Env(string app) => DotEnvDocument.Parse(File($"{app}.env")).EffectiveValues();

    /// <summary>The changed variables of a service; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) => Section(service, "environment");

    /// <summary>A changed mapping of a service, by its path.</summary>
    public IReadOnlyDictionary<string, string> Section(string service, params string[] path) =>
        Node(service, path) is YamlMappingNode mapping
            ? mapping.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString())
            : new Dictionary<string, string>();

    /// <summary>A changed list of a service; empty for none.</summary>
    public IReadOnlyList<string> List(string service, params string[] path) =>
        Node(service, path) is YamlSequenceNode list ? [.. list.Children.Select(c => c.ToString())] : [];

    /// <summary>The changed text of an inline config.</summary>
    public string Content(string config) => ((YamlMappingNode)Root.Children["configs"]).Children[config]["content"].ToString();

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
