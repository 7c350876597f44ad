using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Stacks;

/// <summary>Recognizes or discovers what a workspace runs, and reads its env sources.</summary>
public static class StackReader
{
    /// <summary>The workspace's absolute path and its stack: its stack file over ShipSec Studio's, or over what is discovered.</summary>
    /// <param name="workspace">The workspace's path.</param>
    /// <param name="stackName">A name that wins over all others, or <see langword="null"/>.</param>
    /// <param name="next">Formats the commands that errors recommend.</param>
    /// <param name="evaluation">Whether a strange workspace's PM2 config may be evaluated.</param>
    /// <param name="packages">Receives a line while packages that the PM2 config needs are installed; <see langword="null"/> not to install any.</param>
    /// <exception cref="InstanceKitException">The workspace or its stack file can't be read, or it has no compose file.</exception>
    public static async Task<(string Workspace, StackDefinition Stack)> LoadAsync(
        string workspace, string? stackName, NextCommand next, ConfigEvaluation evaluation, CancellationToken cancellation,
        Action<string>? packages = null)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));
        if (!Directory.Exists(root))
            throw InstanceKitException.Usage($"Workspace '{workspace}' does not exist.", "Pass an existing directory with --workspace.");
        if (root.Any(char.IsControl))
        {
            throw InstanceKitException.Usage(
                $"The path of workspace '{workspace}' contains a line break or another control character.",
                "Rename the directory: Compose and PM2 do not accept such a path.");
        }

        if (stackName is not null)
            StackDefinition.RequireName(stackName);

        var text = WorkspaceTextReader.ReadYaml(Path.Combine(root, StackFile.FileName), StackFile.FileName);
        var file = text is null ? new StackFile() : StackFileReader.Read(text);
        var basis = await FindBasisAsync(root, file, next, evaluation, packages, cancellation);
        var stack = text is null ? basis : file.ApplyTo(basis);
        foreach (var path in stack.ComposeFiles)
            RequireReadable(root, path);
        return (root, stackName is null ? stack : stack with { Name = stackName });
    }

    /// <summary>The same without its stack file: what is recognized or discovered.</summary>
    public static async Task<(string Workspace, StackDefinition Stack)> FindAsync(
        string workspace, string? stackName, NextCommand next, CancellationToken cancellation)
    {
        var stack = await FindBasisAsync(workspace, new StackFile(), next, ConfigEvaluation.Allowed, null, cancellation);
        return (workspace, stackName is null ? stack : stack with { Name = StackDefinition.RequireName(stackName) });
    }

    /// <summary>Whether a directory is recognized as a workspace without searching its subdirectories.</summary>
    public static bool IsWorkspace(string folder) =>
        File.Exists(Path.Combine(folder, StudioStack.ComposeFile)) || File.Exists(Path.Combine(folder, StackFile.FileName));

    /// <summary>The env source of each app: the first of its env files that exists; empty for an app that may have none.</summary>
    /// <exception cref="InstanceKitException">An app that needs one has none.</exception>
    public static IReadOnlyDictionary<string, EnvSource> ReadEnvSources(string workspace, StackDefinition stack) =>
        stack.Apps.Select(a => (a.Name, Source: ReadEnvSource(workspace, a))).Where(s => s.Source is not null)
            .ToDictionary(s => s.Name, s => s.Source!, StringComparer.Ordinal);

    private static async Task<StackDefinition> FindBasisAsync(
        string root, StackFile file, NextCommand next, ConfigEvaluation evaluation, Action<string>? packages, CancellationToken cancellation)
    {
        if (file.ComposeFiles is not null || !File.Exists(Path.Combine(root, StudioStack.ComposeFile)))
            return await StackDiscoveryProbe.FindAsync(root, file, next, evaluation, packages, cancellation);
        var studio = StudioStack.Create(hasPortsOverlay: File.Exists(Path.Combine(root, StudioStack.PortsOverlay)));
        return studio with { Pm2Config = file.Pm2Config ?? (Pm2ConfigProbe.Find(root) is { Chosen: [var config, ..] } ? config : null) };
    }

    private static EnvSource? ReadEnvSource(string workspace, AppDefinition app)
    {
        var layers = ReadLayers(workspace, app);
        foreach (var path in app.EnvFiles)
        {
            if (WorkspaceTextReader.ReadEnv(Path.Combine(workspace, path), path) is { } text)
                return new EnvSource(path, text) { Layers = layers };
        }

        // Some tools know .env.local alone.
        if (app.MayLackEnvFile)
        {
            return layers is not [var first, .. var rest] ? null
                : first.IsFallback ? new EnvSource(first.Path, "") { Layers = layers }
                : first with { Layers = rest };
        }

        throw InstanceKitException.Usage(
            $"App {app.Name} has no env file: neither {string.Join(" nor ", app.EnvFiles)} exists in {workspace}.",
            $"Create {app.EnvFiles[0]}; it can be empty.");
    }

    private static List<EnvSource> ReadLayers(string workspace, AppDefinition app) =>
    [
        .. from path in EnvSource.LayerNames.Select(n => $"{app.Directory}/{n}").Concat(app.FurtherEnvFiles.Except(app.EnvFiles)).Distinct()
           let text = WorkspaceTextReader.ReadEnv(Path.Combine(workspace, path), path)
           where text is not null
           select new EnvSource(path, text),
        .. ReadRoot(workspace, app),
    ];

    private static IEnumerable<EnvSource> ReadRoot(string workspace, AppDefinition app)
    {
        // Flask reads its own file where nothing else sets a variable.
        IEnumerable<string> names = app.Directory == "." ? [".flaskenv"] : [".env", .. EnvSource.LayerNames, $"{app.Directory}/.flaskenv"];
        return from name in app.MayLackEnvFile ? names : []
               where !app.FurtherEnvFiles.Contains(name)
               let text = WorkspaceTextReader.ReadEnv(Path.Combine(workspace, name), name)
               where text is not null
               select new EnvSource(name, text) { IsFallback = true, Except = [.. app.ConfigVariables, "PORT"] };
    }

    private static void RequireReadable(string root, string file)
    {
        try
        {
            if (FileStore.ReadSource(Path.Combine(root, file)) is null)
                throw InstanceKitException.Usage($"Workspace '{root}' has no {file}.", "Pass the directory that contains it with --workspace.");
        }
        catch (InstanceKitException e) when (e.ExitCode != ExitCode.Usage)
        {
            throw new InstanceKitException(ExitCode.Usage, e.Message, e.Remedy, e.InnerException);
        }
    }
}

/// <summary>The env file of the workspace from which an app's env file is generated.</summary>
/// <param name="Path">Its path, relative to the workspace: <c>backend/.env</c> or <c>backend/.env.example</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EnvSource(string Path, string Text)
{
    /// <summary>The names of the other env files that dev servers and loaders read; of one key, the last counts.</summary>
    public static IReadOnlyList<string> LayerNames { get; } = [".env.development", ".env.local", ".env.development.local"];

    /// <summary>
    /// Whether its values count only where nothing else sets them: the <c>.env</c> in the root of a monorepo and its layers, which
    /// loaders find from an app's folder.
    /// </summary>
    public bool IsFallback { get; init; }

    /// <summary>Variables of it that do not count, since something else sets them.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The other existing env files of the app, in the order of <see cref="LayerNames"/>.</summary>
    public IReadOnlyList<EnvSource> Layers { get; init; } = [];
}
