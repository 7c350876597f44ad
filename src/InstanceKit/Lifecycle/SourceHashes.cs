using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Hashes all that the files of an instance are made from, by names that a person knows.</summary>
internal static class SourceHashes
{
    /// <summary>The hash of each source; files by their paths, relative to the workspace.</summary>
    /// <param name="plan">The instance.</param>
    /// <param name="read">What its compose model was read from.</param>
    /// <param name="sources">The env sources.</param>
    public static IReadOnlyDictionary<string, string> Of(
        InstancePlan plan, ComposeSnapshot? read, IEnumerable<EnvSource> sources)
    {
        var spec = plan.Spec;
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["the port plan"] = ContentHash.Of(plan.Ports.Assignments.Select(a => $"{a.Name} {a.Port}/{a.Protocol}")),
            ["the stack's name"] = ContentHash.Of(spec.Project),
            [SourceChanges.Tool] = typeof(InstanceRecord).Assembly.GetName().Version!.ToString(),
            ["the workspace's place"] = ContentHash.Of(spec.Workspace),
        };
        if (read is not null)
        {
            result["the variables of the shell"] = ContentHash.Of(read.Variables.SelectMany(v => new[] { v.Key, v.Value }));
            foreach (var (path, text) in read.Texts)
                result[spec.Paths.Relative(path)] = ContentHash.Of(text);
        }

        foreach (var source in sources.SelectMany(s => s.Layers.Prepend(s)))
            result[source.Path] = ContentHash.Of(source.Text);
        foreach (var path in plan.Files.Select(f => f.Source).Append(spec.Stack.StackFile).OfType<string>())
        {
            if (!result.ContainsKey(path) && InstanceDirectory.ReadText(Path.Combine(spec.Workspace, path)) is { } text)
                result[path] = ContentHash.Of(text);
        }

        return result;
    }
}
