using InstanceKit.Instances;

namespace InstanceKit.Generation;

/// <summary>The labels on everything that an instance creates in the engine.</summary>
public static class InstanceLabels
{
    /// <summary>The instance's number.</summary>
    public const string Instance = "dev.instancekit.instance";

    /// <summary>The stack's name.</summary>
    public const string Stack = "dev.instancekit.stack";

    /// <summary>
    /// The path of the workspace that made it. The engine never changes the labels of a volume or network that is there: after
    /// a move of the workspace they name its former place.
    /// </summary>
    public const string Workspace = "dev.instancekit.workspace";

    /// <summary>The hash of the mounted files that the instance has in versions of its own; on containers that have such.</summary>
    public const string Configs = "dev.instancekit.configs";

    /// <summary>The labels of containers, networks and volumes.</summary>
    public static IReadOnlyDictionary<string, string> For(InstanceSpec spec) => new SortedDictionary<string, string>
    {
        [Instance] = spec.Number.ToString(),
        [Stack] = spec.Stack.Name,
        [Workspace] = spec.Workspace,
    };
}
