using InstanceKit.Drivers;
using InstanceKit.Generation;

namespace InstanceKit.Lifecycle;

/// <summary>Finds the compose files of a workspace that no stack file names, as Compose itself does and a little further.</summary>
internal static class ComposeFileFinder
{
    private static readonly string[] Names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    private static readonly string[] Folders = ["docker", "deploy", "infra", "infrastructure", ".docker", "dev"];

    /// <summary>The files, relative to the workspace; empty when there are none.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="next">Spells the command that goes on from there.</param>
    /// <exception cref="InstanceKitException">There are several folders to choose from.</exception>
    public static IReadOnlyList<string> Find(string workspace, NextCommand next)
    {
        if (FromEnvFile(workspace) is { Count: > 0 } chosen)
            return chosen;
        if (In(workspace, "") is { Count: > 0 } own)
            return own;
        var found = Folders.Select(f => In(workspace, f)).Where(f => f.Count > 0).ToList();
        return found.Count switch
        {
            0 => [],
            1 => found[0],
            _ => throw InstanceKitException.Usage(
                $"Workspace '{workspace}' has several compose files: {string.Join(", ", found.Select(f => f[0]))}.",
                $"Name those that belong to the stack in its instancekit.yml, as in 'compose: {{files: [{found[0][0]}]}}', then: {next.For("Up", 1)}"),
        };
    }

    /// <summary>The error for a workspace without any.</summary>
    public static InstanceKitException NotFound(string workspace, NextCommand next) => InstanceKitException.Usage(
        $"Workspace '{workspace}' has no compose file: neither {Stacks.StudioStack.ComposeFile} nor {string.Join(", ", Names)} in it "
        + $"or in one of its folders {string.Join(", ", Folders)}.",
        $"Name the files in its instancekit.yml, or give the folder that holds one: {next.OfMachine("Up --instance 1 --workspace PATH")}");

    /// <summary>Compose reads COMPOSE_FILE from the workspace's .env too.</summary>
    private static IReadOnlyList<string> FromEnvFile(string workspace)
    {
        if (WorkspaceText.ReadEnv(Path.Combine(workspace, ".env"), ".env") is not { } text)
            return [];
        var values = DotEnvDocument.Parse(text).EffectiveValues();
        var separator = values.GetValueOrDefault("COMPOSE_PATH_SEPARATOR") ?? Path.PathSeparator.ToString();
        return values.TryGetValue("COMPOSE_FILE", out var files)
            ? [.. files.Split(separator, StringSplitOptions.RemoveEmptyEntries).Where(f => File.Exists(Path.Combine(workspace, f)))]
            : [];
    }

    private static IReadOnlyList<string> In(string workspace, string folder)
    {
        var name = Names.FirstOrDefault(n => File.Exists(Path.Combine(workspace, folder, n)));
        if (name is null)
            return [];
        string[] overrides = [.. new[] { ".yml", ".yaml" }.Select(e => $"{Path.GetFileNameWithoutExtension(name)}.override{e}")];
        return [.. new[] { name }.Concat(overrides.Where(o => File.Exists(Path.Combine(workspace, folder, o))).Take(1))
            .Select(n => folder.Length == 0 ? n : $"{folder}/{n}")];
    }
}
