using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Tests;

/// <summary>The stack of the compose files in <c>Compose/corpus</c>: two apps on the host, a database and a cache known by name.</summary>
internal static class CorpusStack
{
    /// <summary>Where the cases lie, from the root of the repository.</summary>
    public const string Folder = "tests/InstanceKit.Tests/Compose/corpus";

    /// <summary>Where a case lies in its recordings.</summary>
    public const string Workspace = "/home/dev/studio";

    /// <summary>The instance of a case in its recordings.</summary>
    public static InstanceSpec Recorded(string name, string folder, int number = 1) => new(Of(name, folder), Workspace, number);

    /// <summary>The stack of a case.</summary>
    /// <param name="name">The case.</param>
    /// <param name="folder">Its folder, absolute.</param>
    public static StackDefinition Of(string name, string folder) => With([
        "compose.yml",
        .. Directory.EnumerateFiles(folder, "compose.*.yml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal),
    ]) with
    {
        ComposeProfiles = File.Exists(Path.Combine(folder, "profiles")) ? [File.ReadAllText(Path.Combine(folder, "profiles")).Trim()] : [],
        AllowsHostNetwork = name == "mode-host",
        AllowsSharedData = true,
    };

    /// <summary>The stack with these compose files.</summary>
    public static StackDefinition With(IReadOnlyList<string> composeFiles) => new()
    {
        Name = "shipsec",
        ConfigPrefix = "shipsec",
        ComposeFiles = composeFiles,
        Ports =
        [
            new NamedPort("WEB", "Web", 5173, new PortOwner(OwnerKind.App, "web"), "http"),
            new NamedPort("API", "API", 3211, new PortOwner(OwnerKind.App, "api"), "http"),
            new NamedPort("DATABASE", "Database", 6130, new PortOwner(OwnerKind.Service, "corpus-db")) { TargetPort = 5432 },
            new NamedPort("CACHE", "Cache", 6131, new PortOwner(OwnerKind.Service, "corpus-cache")) { TargetPort = 6379 },
        ],
        Apps = [],
        Variables = [],
    };
}
