using System.Text.Json;

namespace InstanceKit.Drivers;

/// <summary>A PM2 that npm, or a manager of its kind, has installed.</summary>
internal static class Pm2OnPath
{
    /// <summary>The first PM2 in the folders of a search path; <see langword="null"/> when there is none that can be told.</summary>
    /// <remarks>
    /// Its version is read from its package, not by running it: even <c>pm2 --version</c> starts a daemon, and at the
    /// first time prints a banner.
    /// </remarks>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static Pm2Program? Find(string searchPath)
    {
        foreach (var folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var command = Path.Combine(folder, OperatingSystem.IsWindows() ? "pm2.cmd" : "pm2");
            if (File.Exists(command))
                return PackageFolders(command).Select(Read).FirstOrDefault(p => p is not null);
        }

        return null;
    }

    /// <summary>The PM2 of a package folder; <see langword="null"/> when none is there.</summary>
    /// <param name="package">The folder <c>node_modules/pm2</c>.</param>
    public static Pm2Program? Read(string package)
    {
        var script = Path.Combine(package, "bin", "pm2");
        try
        {
            using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "package.json")));
            var root = description.RootElement;
            if (root.GetProperty("name").GetString() != "pm2" || !File.Exists(script))
                return null;
            var version = root.GetProperty("version").GetString()!.Split('-', '+')[0];
            return new Pm2Program { Program = "node", PrefixArguments = [script], Package = Path.GetFullPath(package), Version = Version.Parse(version) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    // The command is a link to package/bin/pm2, or (Windows, some package managers) a small script beside node_modules.
    private static IEnumerable<string> PackageFolders(string command)
    {
        var real = File.ResolveLinkTarget(command, returnFinalTarget: true)?.FullName ?? command;
        var folder = Path.GetDirectoryName(real)!;
        return
        [
            Path.GetDirectoryName(folder) ?? folder,
            Path.Combine(folder, "node_modules", "pm2"),
            Path.Combine(folder, "..", "pm2"),
            Path.Combine(folder, "..", "lib", "node_modules", "pm2"),
        ];
    }
}
