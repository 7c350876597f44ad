using InstanceKit.Platform;

namespace InstanceKit.Instances;

/// <summary>Where the files of an instance lie in its workspace.</summary>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Number">The instance's number.</param>
public sealed record InstancePaths(string Workspace, int Number)
{
    /// <summary>The parent directory of every instance's directory.</summary>
    public const string RootName = FileStore.GuardedName;

    /// <summary>The file that remembers the workspace's active instance.</summary>
    public const string ActiveInstanceName = ".shipsec-instance";

    /// <summary>The folder of all instances.</summary>
    public string Root => Path.Combine(Workspace, RootName);

    /// <summary>The cache directory; it may be deleted at any time.</summary>
    public string Cache => Path.Combine(Root, ".cache");

    /// <summary>This instance's folder.</summary>
    public string Directory => Path.Combine(Root, $"instance-{Number}");

    /// <summary>The Compose override file.</summary>
    public string Override => Path.Combine(Directory, "docker-compose.override.yml");

    /// <summary>The PM2 ecosystem of this instance, written at every start.</summary>
    public string Ecosystem => Path.Combine(Directory, "ecosystem.json");

    /// <summary>What was generated from which sources: see <see cref="InstanceRecord"/>.</summary>
    public string Record => Path.Combine(Directory, "instance.json");

    /// <summary>The instance's replacements for the data directories of the workspace.</summary>
    public string Data => Path.Combine(Directory, "data");

    /// <summary>The folder of the apps' log files.</summary>
    public string Logs => Path.Combine(Directory, "logs");

    /// <summary>The lock file of the instance.</summary>
    public string Lock => Path.Combine(Root, ".locks", $"instance-{Number}.lock");

    /// <summary>The env file of an app.</summary>
    public string EnvFile(string app) => Path.Combine(Directory, $"{app}.env");

    /// <summary>A path for display, relative to the workspace.</summary>
    public string Relative(string path) => Path.GetRelativePath(Workspace, path).Replace('\\', '/');
}
