using System.Text;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Tests.Compose;

/// <summary>A compose file written for one obstacle or syntax, and what Compose makes of it; see <c>Compose/record.sh</c>.</summary>
/// <param name="name">The name of its folder.</param>
internal sealed class CorpusCase(string name)
{
    private static readonly string Root = Path.Combine(RepositoryFiles.Root, CorpusStack.Folder);

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>The model of the files alone.</summary>
    public ComposeModel Model { get; } = ReadModel(name, "model.json");

    /// <summary>The model of the files with the override of instance 1, as Compose merges them.</summary>
    public ComposeModel Merged => ReadModel(name, "merged.json");

    /// <summary>An instance's own.</summary>
    public InstanceSpec Spec(int number) => CorpusStack.Recorded(name, Path.Combine(Root, name), number);

    /// <summary>Its ports.</summary>
    public PortPlan Ports(int number) => PortPlanner.Plan(Spec(number).Stack, Model.Ports, number);

    /// <summary>Its override.</summary>
    public ComposeOverride Override(int number) =>
        ComposeOverride.Create(Model, Spec(number), Ports(number), SubnetPlanner.Plan(Model.Networks, number));

    /// <summary>A file of the case, absolute.</summary>
    public string PathOf(string file) => Path.Combine(Root, name, file);

    /// <summary>What a person is told, a line each; empty for nothing.</summary>
    public string Notes() => Override(1).Notes.Aggregate(new StringBuilder(), (text, note) => text.Append(note).Append('\n')).ToString();

    private static ComposeModel ReadModel(string name, string file) =>
        ComposeModelReader.Read(RepositoryFiles.Read($"{CorpusStack.Folder}/{name}/{file}"));
}
