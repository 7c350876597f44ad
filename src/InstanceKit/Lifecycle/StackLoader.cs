using InstanceKit.Generation;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Recognises what a workspace runs, and reads its env sources and PM2 config.</summary>
public static class StackLoader
{
    private static readonly string[] ConfigNames = [.. from stem in new[] { "pm2.config", "ecosystem.config" }
        from extension in new[] { "cjs", "js", "mjs" } select $"{stem}.{extension}"];

    /// <summary>The workspace's absolute path and its stack.</summary>
    /// <exception cref="InstanceKitException">The workspace can't be read or has no compose file.</exception>
    public static (string Workspace, StackDefinition Stack) Load(string workspace, string stackName)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));
        if (!Directory.Exists(root))
            throw InstanceKitException.Usage($"Workspace '{workspace}' does not exist.", "Give an existing folder with --workspace.");
        var stack = StudioStack.Create(stackName, File.Exists(Path.Combine(root, StudioStack.PortsOverlay)));
        foreach (var file in stack.ComposeFiles)
            RequireReadable(root, file);
        return (root, stack);
    }

    /// <summary>The env source of each app: its <c>.env</c>, else its <c>.env.example</c>.</summary>
    /// <exception cref="InstanceKitException">An app has neither.</exception>
    public static IReadOnlyDictionary<string, EnvSource> ReadEnvSources(string workspace, StackDefinition stack) =>
        stack.Apps.ToDictionary(a => a.Name, a => ReadEnvSource(workspace, a), StringComparer.Ordinal);

    /// <summary>The workspace's own PM2 config, or <see langword="null"/>.</summary>
    public static string? FindPm2Config(string workspace) =>
        ConfigNames.Select(n => Path.Combine(workspace, n)).FirstOrDefault(File.Exists);

    private static EnvSource ReadEnvSource(string workspace, AppDefinition app)
    {
        string[] candidates = [$"{app.Directory}/.env", $"{app.Directory}/.env.example"];
        foreach (var path in candidates)
        {
            var full = Path.Combine(workspace, path);
            if (File.Exists(full))
                return new EnvSource(path, File.ReadAllText(full)) { Layers = ReadLayers(workspace, app) };
        }

        throw InstanceKitException.Usage(
            $"App {app.Name} has no env file: neither {candidates[0]} nor {candidates[1]} exists in {workspace}.",
            $"Create {candidates[0]}; an empty one will do.");
    }

    private static List<EnvSource> ReadLayers(string workspace, AppDefinition app) =>
    [
        .. from name in EnvLayers.Names
           let path = $"{app.Directory}/{name}"
           let full = Path.Combine(workspace, path)
           where File.Exists(full)
           select new EnvSource(path, File.ReadAllText(full)),
    ];

    private static void RequireReadable(string root, string file)
    {
        var path = Path.Combine(root, file);
        try
        {
            using var _ = File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InstanceKitException.Usage(
                $"Workspace '{root}' has no {file}.", "Give the folder that holds it with --workspace.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw InstanceKitException.Usage($"'{path}' can't be read: {e.Message}", "Give your user the right to read it.");
        }
    }
}
