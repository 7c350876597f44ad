using System.Text;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Setup;

/// <summary>Reads the files of a workspace that are mounted into its services, as far as they may be configuration.</summary>
/// <remarks>
/// A file that is mounted directly may have any name. Of a directory, only what looks like configuration is read, and
/// only up to a limit: a directory may be a source tree or contain the data of a database.
/// </remarks>
internal sealed class ConfigReader(string workspace, List<string> notes)
{
    private const int MostFiles = 500;
    private const int MostEntries = 5_000;
    private const int MostBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Extensions =
    [
        ".conf", ".cfg", ".ini", ".yml", ".yaml", ".json", ".toml", ".xml", ".properties", ".tmpl", ".template", ".env", ".lua",
        ".cnf",
    ];

    private static readonly string[] Skipped = ["node_modules", ".git", InstancePaths.RootName];

    /// <summary>The mounted files of all services, in the order of the model and of the paths, and those of its entries.</summary>
    public ConfigSources Read(ComposeModel model) => new(
        [
            .. model.Services.SelectMany(s => s.Mounts.Where(m => m.Type == "bind").Select(m => m with { Source = Unescaped(m.Source) })
                .Where(m => IsOurs(m.Source)).SelectMany(m => Read(s, m))),
        ],
        model.Files.Select(f => f with { Path = Unescaped(f.Path) }).Where(f => IsOurs(f.Path) && File.Exists(f.Path))
            .Select(f => KeyValuePair.Create(ConfigEntry.SourceKey(f), ReadFile("", f.Path!, "", null)))
            .Where(f => f.Value is not null).ToDictionary(f => f.Key, f => f.Value!));

    /// <summary>Compose prints a dollar sign twice; a path contains it once.</summary>
    private static string? Unescaped(string? path) => path?.Replace("$$", "$", StringComparison.Ordinal);

    private bool IsOurs(string? path) =>
        path is not null && path.StartsWith(workspace + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        && !path.StartsWith(Path.Combine(workspace, InstancePaths.RootName) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private IEnumerable<ConfigSource> Read(ComposeService service, ComposeMount mount)
    {
        if (File.Exists(mount.Source))
            return ReadFile(service.Name, mount.Source, mount.Target, mount) is { } file ? [file] : [];
        if (!Directory.Exists(mount.Source) || IsSourceTree(mount) || IsData(mount))
            return [];
        return
        [
            .. from path in FilesOf(service, mount.Source)
               let inside = Path.GetRelativePath(mount.Source, path).Replace('\\', '/')
               let target = $"{mount.Target.TrimEnd('/')}/{inside}"
               where !service.Mounts.Any(m => m.Target != mount.Target && IsUnder(target, m.Target) && IsUnder(m.Target, mount.Target))
               select ReadFile(service.Name, path, target, mount) into file
               where file is not null
               select file,
        ];
    }

    /// <summary>A directory that a service writes and that is a package is source code, not configuration.</summary>
    private static bool IsSourceTree(ComposeMount mount) =>
        !mount.IsReadOnly && File.Exists(Path.Combine(mount.Source!, "package.json"));

    private static bool IsData(ComposeMount mount) =>
        !mount.IsReadOnly && (IsUnder(mount.Target, "/var/lib") || mount.Target.TrimEnd('/').EndsWith("/data", StringComparison.Ordinal));

    private static bool IsUnder(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private List<string> FilesOf(ComposeService service, string root)
    {
        var files = new List<string>();
        var seen = 0;
        var folders = new Queue<string>([root]);
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        while (folders.TryDequeue(out var folder))
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options).OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (++seen > MostEntries || files.Count == MostFiles)
                {
                    notes.Add(
                        $"{Relative(root)}, mounted into service {service.Name}, contains too many files: only "
                        + $"the first {files.Count} that look like configuration were searched for addresses of the stack.");
                    return files;
                }

                if (entry is DirectoryInfo && !Skipped.Contains(entry.Name))
                    folders.Enqueue(entry.FullName);
                else if (entry is FileInfo && IsConfig(entry.FullName))
                    files.Add(entry.FullName);
            }
        }

        return files;
    }

    /// <summary>By its extension; without one, by the name of its directory.</summary>
    private static bool IsConfig(string path)
    {
        var extension = Path.GetExtension(path);
        return extension.Length > 0
            ? Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
            : Path.GetFileName(Path.GetDirectoryName(path))!.Contains("conf", StringComparison.OrdinalIgnoreCase)
                || Path.GetFileName(Path.GetDirectoryName(path))!.EndsWith("-enabled", StringComparison.OrdinalIgnoreCase);
    }

    private ConfigSource? ReadFile(string service, string path, string target, ComposeMount? mount)
    {
        var file = new FileInfo(path);
        try
        {
            if (file.Length > MostBytes || ReadText(path) is not { } text)
                return null;
            return new ConfigSource(service, target, Relative(path), text, mount?.IsReadOnly ?? true, AudienceOf(file)) { Relabel = mount?.Relabel };
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException e)
        {
            notes.Add($"{Relative(path)} could not be searched for addresses of the stack: {FileFailure.Reason(e, path)}.");
            return null;
        }
    }

    private static FileAudience AudienceOf(FileInfo file)
    {
        if (OperatingSystem.IsWindows())
            return FileAudience.Containers;
        var mode = file.UnixFileMode;
        return !mode.HasFlag(UnixFileMode.OtherRead) ? FileAudience.Owner
            : mode.HasFlag(UnixFileMode.OtherExecute) ? FileAudience.ContainersRun
            : FileAudience.Containers;
    }

    /// <summary>The text with its line endings and byte order mark unchanged; <see langword="null"/> if it is not UTF-8.</summary>
    private static string? ReadText(string path)
    {
        if (RegularFile.Read(path) is not { } bytes)
            throw new FileNotFoundException(message: null, path);
        if (bytes.AsSpan().Contains((byte)0))
            return null;
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private string Relative(string path) => Path.GetRelativePath(workspace, path).Replace('\\', '/');
}
