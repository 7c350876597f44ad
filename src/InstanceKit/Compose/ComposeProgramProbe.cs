using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>Identifies and finds the program that <c>docker compose</c> runs by its files, without running it.</summary>
internal static class ComposeProgramProbe
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>
    /// Changes with the program or its plugin: path, size and time of the one and of each place where the other may lie.
    /// </summary>
    /// <param name="environment">The variables that it would run with.</param>
    /// <returns><see langword="null"/> when the program or every plugin is missing.</returns>
    public static string? Identify(IReadOnlyDictionary<string, string> environment)
    {
        var program = Programs(environment).Select(Describe).FirstOrDefault(d => d is not null);
        var plugins = Plugins(environment).Select(Describe).OfType<string>().ToList();
        return program is null || plugins.Count == 0 ? null : ContentHash.Of(plugins.Prepend(program));
    }

    /// <summary>
    /// The path of the Compose plugin, which can be run by itself: for each command, docker runs it twice, first to ask what it is.
    /// </summary>
    /// <param name="environment">The variables that it would run with.</param>
    /// <returns><see langword="null"/> where only docker can tell: several plugins, or a script or another program in its place.</returns>
    public static string? FindPlugin(IReadOnlyDictionary<string, string> environment) =>
        Programs(environment).FirstOrDefault(File.Exists) is { } docker && IsNative(docker, "docker")
        && Plugins(environment).Where(File.Exists).ToList() is [var plugin] && IsNative(plugin, "docker-compose")
            ? plugin
            : null;

    private static IEnumerable<string> Programs(IReadOnlyDictionary<string, string> environment) =>
        (environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(f => Path.Combine(f, "docker" + Suffix));

    private static IEnumerable<string> Plugins(IReadOnlyDictionary<string, string> environment) =>
        PluginFolders(environment).Distinct().Select(f => Path.Combine(f, "docker-compose" + Suffix));

    /// <summary>Whether a file, or what it links to, is a program of this name and no script.</summary>
    private static bool IsNative(string path, string name)
    {
        try
        {
            var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            using var file = File.OpenRead(target);
            return Path.GetFileNameWithoutExtension(target) == name && file.ReadByte() is not ('#' or -1)
                && (OperatingSystem.IsWindows() || File.GetUnixFileMode(target).HasFlag(UnixFileMode.UserExecute));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> PluginFolders(IReadOnlyDictionary<string, string> environment)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var config = environment.GetValueOrDefault("DOCKER_CONFIG") is { Length: > 0 } set ? set : Path.Combine(home, ".docker");
        string[] ofSystem = OperatingSystem.IsWindows()
            ? [.. new[] { Environment.SpecialFolder.CommonApplicationData, Environment.SpecialFolder.ProgramFiles }
                .Select(f => Path.Combine(Environment.GetFolderPath(f), "Docker", "cli-plugins"))]
            : [.. from root in new[] { "/usr/local", "/usr" }
                from library in new[] { "lib", "libexec" }
                select $"{root}/{library}/docker/cli-plugins"];
        return [.. ExtraFolders(Path.Combine(config, "config.json")), Path.Combine(config, "cli-plugins"), .. ofSystem];
    }

    /// <summary>The directories that the user's Docker configuration adds; Docker itself reports if it is damaged.</summary>
    private static IEnumerable<string> ExtraFolders(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(FileStore.ReadText(path) ?? "{}");
            return document.RootElement.TryGetProperty("cliPluginsExtraDirs", out var folders)
                ? [.. folders.EnumerateArray().Select(f => f.GetString()!)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Describe(string path)
    {
        var file = new FileInfo(path);
        var target = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file : null;
        return target is { Exists: true } ? $"{path} {target.FullName} {target.Length} {target.LastWriteTimeUtc.Ticks}" : null;
    }
}
