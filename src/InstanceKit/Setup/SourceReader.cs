using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Platform;

namespace InstanceKit.Setup;

/// <summary>
/// Searches the sources of a workspace for local addresses: the files that git does not ignore, or all where there is no repository.
/// What was found in a file is remembered until the file changes.
/// </summary>
/// <param name="workspace">The workspace's absolute path.</param>
/// <param name="clock">Tells whether a file may change within the resolution of its time.</param>
/// <param name="isReadOnly">Whether nothing is remembered, as in a dry run.</param>
internal sealed class SourceReader(string workspace, TimeProvider clock, bool isReadOnly = false)
{
    private const int MostFiles = 20_000;
    private const int MostBytes = 512 << 10;
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Searches them.</summary>
    /// <param name="hosts">Further names of this machine.</param>
    public async Task<SourceScan> ReadAsync(IReadOnlyList<string> hosts, CancellationToken cancellation)
    {
        var cached = ReadCache() is { } read && read.Key == KeyOf(hosts) ? read : null;
        var index = IndexKey();
        var start = clock.GetUtcNow();
        var isListed = index is not null && cached is not null && cached.Index == index && cached.Folders.All(f => TimeOf(f.Path, start) == f.Time);
        var (tracked, folders) = isListed ? ([.. cached!.Files.Select(f => f.Path)], cached.Folders) : await ListAsync(index, start, cancellation);
        var known = cached?.Files.ToDictionary(f => f.Path, StringComparer.Ordinal) ?? [];
        var isChanged = !isListed || tracked.Count != known.Count;
        var files = new CachedSource?[Math.Min(tracked.Count, MostFiles)];
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, files.Length)), new ParallelOptions { CancellationToken = cancellation }, range =>
        {
            for (var i = range.Item1; i < Math.Min(range.Item2, files.Length); i++)
            {
                files[i] = ReadFile(tracked[i], known.GetValueOrDefault(tracked[i]), hosts, start);
                if (!ReferenceEquals(files[i], known.GetValueOrDefault(tracked[i])))
                    isChanged = true;
            }
        });
        var all = files.OfType<CachedSource>().ToList();
        if (isChanged && !isReadOnly && Directory.Exists(new InstancePaths(workspace, 0).Root))
            FileStore.TryWrite(CachePath, JsonSerializer.Serialize(new CachedSources(KeyOf(hosts), index, all, folders), SourceJson.Default.CachedSources));
        return new SourceScan(
            [.. all.Where(f => f.Findings.Count > 0).Select(f => new SourceFile(f.Path, f.Findings)).OrderBy(f => f.Path, StringComparer.Ordinal)],
            [.. all.Where(f => f.Package is not null).Select(f => f.Package!)], Math.Max(0, tracked.Count - MostFiles));
    }

    private string CachePath => Path.Combine(new InstancePaths(workspace, 0).Cache, "sources.json");

    private static string KeyOf(IReadOnlyList<string> hosts) => $"{ContentHash.OfTool} {string.Join(' ', hosts)}";

    private CachedSource? ReadFile(string path, CachedSource? known, IReadOnlyList<string> hosts, DateTimeOffset start)
    {
        var full = Path.Combine(workspace, path);
        try
        {
            var file = new FileInfo(full);
            if (!file.Exists || (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory)) != 0)
                return null;
            var time = file.LastWriteTimeUtc;
            if (known is not null && known.Size == file.Length && known.Time == time.Ticks)
                return known;
            var found = file.Length <= MostBytes && RegularFile.Read(full) is { } bytes && SourceScanner.MayFind(bytes, hosts) && !bytes.AsSpan().Contains((byte)0)
                ? SourceScanner.Find(Encoding.UTF8.GetString(bytes), path, hosts) : [];
            // A file that was just written may change again without another time.
            return new CachedSource(path, file.Length, start - time < Resolution ? 0 : time.Ticks, found)
            {
                Package = Path.GetFileName(path) == "package.json" ? SourcePackage.Parse(path, FileStore.ReadText(full) ?? "") : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the app can't read it either
        }
    }

    /// <summary>When something was last created in a folder or removed; 0 if it may change again without another time.</summary>
    private long TimeOf(string folder, DateTimeOffset start) =>
        Directory.GetLastWriteTimeUtc(Path.Combine(workspace, folder)) is var time && start - time < Resolution ? 0 : time.Ticks;

    /// <summary>What changes with the list of tracked files; <see langword="null"/> without a repository.</summary>
    private string? IndexKey()
    {
        if (GitExcludeStore.FindOwnDirectory(workspace) is not { } git || new FileInfo(Path.Combine(git, "index")) is not { Exists: true } index)
            return null;
        return $"{index.Length} {index.LastWriteTimeUtc.Ticks}";
    }

    /// <summary>The source files, and of a repository the folders in which a new one would appear.</summary>
    private async Task<(IReadOnlyList<string> Files, IReadOnlyList<CachedFolder> Folders)> ListAsync(
        string? index, DateTimeOffset start, CancellationToken cancellation)
    {
        if (index is not null && await AskGitAsync(cancellation) is { Count: > 0 } listed)
        {
            var known = new HashSet<string>(StringComparer.Ordinal) { "" };
            foreach (var path in listed)
            {
                for (var slash = path.LastIndexOf('/'); slash > 0 && known.Add(path[..slash]);)
                    slash = path.LastIndexOf('/', slash - 1);
            }

            var ignored = from folder in known
                          from name in SourceFiles.Variables
                          let path = folder.Length == 0 ? name : $"{folder}/{name}"
                          where File.Exists(Path.Combine(workspace, path))
                          select path;
            return ([.. listed.Concat(ignored).Distinct().Where(SourceFiles.IsSource)], [.. known.Select(f => new CachedFolder(f, TimeOf(f, start)))]);
        }

        var files = new List<string>();
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var folder) && files.Count <= MostFiles)
        {
            var entries = new DirectoryInfo(Path.Combine(workspace, folder)).EnumerateFileSystemInfos("*", Readable);
            foreach (var entry in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (entry is not DirectoryInfo)
                {
                    if (SourceFiles.IsSource(path))
                        files.Add(path);
                }
                else if (!SourceFiles.IsGenerated(entry.Name))
                {
                    folders.Enqueue(path);
                }
            }
        }

        return (files, []);
    }

    private async Task<IReadOnlyList<string>?> AskGitAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await ProcessRunner.RunAsync(new ProcessSpec
            {
                Program = "git",
                Arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                WorkingDirectory = workspace,
                Environment = new[] { "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE" }.ToDictionary(n => n, _ => (string?)null),
                Timeout = Patience,
            }, cancellation: cancellation);
            return result.Succeeded ? result.StandardOutput.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (InstanceKitException)
        {
            return null; // without git, the folders are walked
        }
    }

    private CachedSources? ReadCache()
    {
        try
        {
            return FileStore.ReadText(CachePath) is { } json && JsonSerializer.Deserialize(json, SourceJson.Default.CachedSources) is { } cached
                && cached.Files?.All(f => f is { Path: not null, Findings: not null }) == true && cached.Folders is not null ? cached : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>What the sources of a workspace contain.</summary>
/// <param name="Files">The files with findings, by path.</param>
/// <param name="Packages">Its packages.</param>
/// <param name="Left">How many files were not searched, because there are too many.</param>
internal sealed record SourceScan(IReadOnlyList<SourceFile> Files, IReadOnlyList<SourcePackage> Packages, int Left)
{
    /// <summary>No sources.</summary>
    public static SourceScan None { get; } = new([], [], 0);
}

/// <summary>A package of the workspace.</summary>
/// <param name="Folder">Its folder, relative to the workspace; empty for the workspace itself.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uses">The names of the packages that it depends on.</param>
internal sealed record SourcePackage(string Folder, string Name, IReadOnlyList<string> Uses)
{
    private static readonly string[] Sections = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

    /// <summary>Reads a package.json; <see langword="null"/> if it is damaged or has no name.</summary>
    internal static SourcePackage? Parse(string path, string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject root && root["name"]?.ToString() is { Length: > 0 } name
                ? new SourcePackage(
                    path[..Math.Max(0, path.LastIndexOf('/'))], name,
                    [.. Sections.SelectMany(s => (root[s] as JsonObject ?? []).Select(d => d.Key)).Distinct()])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A source file that may name a part of the stack.</summary>
/// <param name="Path">Its path, relative to the workspace.</param>
/// <param name="Findings">What it names.</param>
internal sealed record SourceFile(string Path, IReadOnlyList<SourceFinding> Findings);

/// <summary>How the findings are stored; generated at compile time, for native compilation.</summary>
[JsonSerializable(typeof(CachedSources))]
internal sealed partial class SourceJson : JsonSerializerContext;

/// <summary>What was found in all files.</summary>
/// <param name="Key">Tells what else the findings depend on.</param>
/// <param name="Index">Tells git's list of files; <see langword="null"/> without a repository.</param>
/// <param name="Folders">The folders in which files are that git does not ignore.</param>
internal sealed record CachedSources(string Key, string? Index, IReadOnlyList<CachedSource> Files, IReadOnlyList<CachedFolder> Folders);

/// <summary>A folder at a time; 0 if it was just changed.</summary>
internal sealed record CachedFolder(string Path, long Time);

/// <summary>What was found in a file of this size and time.</summary>
internal sealed record CachedSource(string Path, long Size, long Time, IReadOnlyList<SourceFinding> Findings)
{
    /// <summary>What a package.json says.</summary>
    public SourcePackage? Package { get; init; }
}

/// <summary>Which files of a workspace are its own sources, by their paths.</summary>
internal static class SourceFiles
{
    private static readonly HashSet<string> Code = new(
    [
        ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro", ".html", ".py", ".rb", ".go", ".java", ".kt", ".kts",
        ".scala", ".groovy", ".cs", ".fs", ".php", ".rs", ".ex", ".exs", ".swift", ".dart", ".sh", ".bash", ".zsh", ".pl", ".properties",
    ], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Settings = new([".json", ".yml", ".yaml", ".toml", ".ini", ".xml"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What people run, by its whole name.</summary>
    private static readonly HashSet<string> Commands = new(
        ["Makefile", "GNUmakefile", "justfile", ".justfile", "Procfile", "Taskfile.yml", "Taskfile.yaml", "Tiltfile", "Rakefile"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables of an app that no environment replaces; git ignores them as a rule.</summary>
    public static IReadOnlyList<string> Variables { get; } = [".dev.vars", ".env.dev"];

    private static readonly string[] SettingNames = ["config", "settings", "appsettings", "application", "default", "development", "local", "proxy"];

    private static readonly string[] Locks = ["package-lock", "pnpm-lock", "npm-shrinkwrap", "openapi", "swagger", "tsconfig", "jsconfig", "docker-compose", "compose"];

    /// <summary>Folders that are no part of the program: packages, tests, examples, documentation.</summary>
    private static readonly HashSet<string> Foreign = new(
    [
        "node_modules", "vendor", "third_party", "dist", "coverage", "docs", "doc", "examples", "example", "samples", "fixtures", "mocks", "generated",
        "test", "tests", "spec", "specs", "e2e", "cypress", "playwright", "stories", "__tests__", "__mocks__", "__fixtures__", "__snapshots__", "testdata",
        "site-packages", "__pycache__",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>What is built where no repository tells.</summary>
    private static readonly HashSet<string> Built = new(["build", "out", "target", "bin", "obj", "tmp", "venv", "env"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is source code, or a configuration of it, and no test, example or generated file.</summary>
    /// <param name="path">Its path, with '/'.</param>
    public static bool IsSource(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        if (IsCommands(path) || Variables.Contains(path[(path.LastIndexOf('/') + 1)..]))
            return !HasForeignFolder(path);
        var dot = name.LastIndexOf('.');
        if (dot <= 0)
            return false;
        var extension = path[^(name.Length - dot)..];
        if (!Code.Contains(extension) && !(Settings.Contains(extension) && IsSetting(path, name)))
            return false;
        return !IsTest(name[..dot]) && !HasForeignFolder(path);
    }

    /// <summary>Whether a file only has commands that people run, such as a Makefile.</summary>
    public static bool IsCommands(string path) => Commands.Contains(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>Whether a folder contains what was built or installed, where no repository tells.</summary>
    public static bool IsGenerated(string folder) => folder.StartsWith('.') || Foreign.Contains(folder) || Built.Contains(folder);

    private static bool IsSetting(string path, ReadOnlySpan<char> name)
    {
        foreach (var each in Locks)
        {
            if (name.StartsWith(each, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        if (name.SequenceEqual("package.json") || path.Contains("config/", StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var each in SettingNames)
        {
            if (name.Contains(each, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsTest(ReadOnlySpan<char> stem)
    {
        var isMarked = stem.StartsWith("test_") || stem.EndsWith("_test") || stem.EndsWith("Test") || stem.EndsWith("Tests") || stem.SequenceEqual("conftest");
        return isMarked || stem.EndsWith(".min") || stem.EndsWith(".d") || stem.EndsWith(".pb")
            || HasPart(stem, "test") || HasPart(stem, "spec") || HasPart(stem, "stories") || HasPart(stem, "generated") || HasPart(stem, "gen")
            || HasPart(stem, "e2e") || HasPart(stem, "mock") || stem.StartsWith("vitest.") || stem.StartsWith("jest.") || stem.StartsWith("cypress.") || stem.StartsWith("playwright.");
    }

    /// <summary>Whether a word stands after a full stop: <c>a.test</c>, <c>a.test.helper</c>.</summary>
    private static bool HasPart(ReadOnlySpan<char> stem, string word)
    {
        for (var dot = stem.IndexOf('.'); dot >= 0; stem = stem[(dot + 1)..], dot = stem.IndexOf('.'))
        {
            var rest = stem[(dot + 1)..];
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (rest.Length == word.Length || !char.IsAsciiLetterOrDigit(rest[word.Length])))
                return true;
        }

        return false;
    }

    private static bool HasForeignFolder(string path)
    {
        var start = 0;
        for (var end = path.IndexOf('/'); end >= 0; start = end + 1, end = path.IndexOf('/', start))
        {
            var folder = path[start..end];
            if (folder.StartsWith('.') || Foreign.Contains(folder) || folder.EndsWith("-tests", StringComparison.OrdinalIgnoreCase)
                || folder.EndsWith(".Tests", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
