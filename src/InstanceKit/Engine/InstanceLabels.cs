namespace InstanceKit.Engine;

/// <summary>The labels on everything that an instance creates in the engine.</summary>
public static class InstanceLabels
{
    /// <summary>The instance's number.</summary>
    public const string Instance = "dev.instancekit.instance";

    /// <summary>The stack's name.</summary>
    public const string Stack = "dev.instancekit.stack";

    /// <summary>
    /// The path of the workspace that created it. The engine never changes the labels of an existing volume or network: after
    /// a move of the workspace they name its former place.
    /// </summary>
    public const string Workspace = "dev.instancekit.workspace";

    /// <summary>The hash of the mounted files of which the instance has its own version; on containers with such files.</summary>
    public const string Configs = "dev.instancekit.configs";
}
