using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>The directory of downloaded tools. Its entries are complete: each is renamed into place.</summary>
/// <param name="tools">The directory; created when it is missing.</param>
/// <param name="progress">Receives a line when something takes time.</param>
internal sealed class ToolStore(string tools, Action<string>? progress = null)
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromMinutes(5);
    private readonly string _tools = Path.GetFullPath(tools);

    /// <summary>A tool's folder.</summary>
    public string FolderOf(PinnedTool tool) => Path.Combine(_tools, tool.Folder);

    /// <summary>Whether the tool is there.</summary>
    public bool Has(PinnedTool tool) => File.Exists(Path.Combine(FolderOf(tool), tool.Proof));

    /// <summary>Downloads the tool when it is missing; of two concurrent commands, one does.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="InstanceKitException">What fetches it is missing or failed.</exception>
    public async Task<string> FetchAsync(PinnedTool tool, CancellationToken cancellation)
    {
        if (Has(tool))
            return FolderOf(tool);
        if (tool.Source == PinnedToolSource.Npm)
            await Node.RequireAsync(cancellation);
        CreateFolder();
        using var turn = await FileLock.TakeAsync(
            FolderOf(tool) + ".lock", $"The installation of {tool.Title}", progress, FetchTimeout + FileLock.ShortTurn, cancellation);
        if (Has(tool))
            return FolderOf(tool);
        progress?.Invoke($"Installing {tool.Title} into {_tools}");
        await InstallAsync(tool, cancellation);
        return Has(tool) ? FolderOf(tool) : throw new InstanceKitException(
            ExitCode.Prerequisite, $"{ProgramOf(tool)} reported success, but {tool.Title} was not found in '{FolderOf(tool)}'.",
            $"It may not be available for this operating system and processor architecture. {tool.Remedy}");
    }

    private static string ProgramOf(PinnedTool tool) => tool.Source == PinnedToolSource.Npm ? "npm" : "dotnet";

    private async Task InstallAsync(PinnedTool tool, CancellationToken cancellation)
    {
        var folder = FolderOf(tool);
        var draft = NewDraft(folder);
        try
        {
            EmbeddedFileStore.Write(tool.Resources, draft);
            await RunAsync(tool, draft, cancellation);
            tool.Finish(draft);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.Move(draft, folder);
        }
        finally
        {
            RemoveDraft(draft);
        }
    }

    /// <summary>Creates a temporary directory next to the final one, and removes those of killed commands.</summary>
    /// <remarks>The lock of the directory must be held.</remarks>
    internal static string NewDraft(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".*.tmp"))
            RemoveDraft(left);
        return Directory.CreateDirectory($"{folder}.{Environment.ProcessId}.tmp").FullName;
    }

    /// <summary>Removes a draft, if it is still there.</summary>
    internal static void RemoveDraft(string draft)
    {
        if (Directory.Exists(draft))
            FileStore.Attempt(() => Directory.Delete(draft, recursive: true));
    }

    // If the repository belongs to another user, its directory of tools can't be created.
    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(_tools);
        }
        catch (Exception e) when (FileFailure.IsOne(e))
        {
            throw FileFailure.Of(e, _tools);
        }
    }

    private static async Task RunAsync(PinnedTool tool, string folder, CancellationToken cancellation)
    {
        IReadOnlyList<string> arguments = tool.Source == PinnedToolSource.Npm
            ? ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
            : ["publish", "--configuration", "Release", "--output", "program", "-p:RestoreLockedMode=true", "-p:UseSharedCompilation=false",
                "--nologo", "-v", "quiet"];
        var spec = new ProcessSpec
        {
            Program = tool.Source == PinnedToolSource.Npm ? Node.Npm : ProgramOf(tool),
            Arguments = arguments,
            WorkingDirectory = folder,
            Timeout = FetchTimeout,
            // A build server that outlives this command would keep the directory's files open.
            Environment = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            InstallHint = tool.Source == PinnedToolSource.Npm ? Node.InstallHint : InstallHints.For(Installable.DotNetSdk, CurrentSystem.Value),
        };
        var result = await ProcessRunner.RunAsync(spec, cancellation: cancellation);
        if (!result.Succeeded)
        {
            var cause = new CommandFailedException($"install {tool.Title}", spec, result);
            throw new InstanceKitException(ExitCode.Prerequisite, cause.Message, tool.Remedy, cause);
        }
    }
}

/// <summary>A tool that is fetched once, at the versions of a lock file that this library carries.</summary>
internal sealed record PinnedTool
{
    /// <summary>What it is called, with its version: <c>PM2 7.0.4</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The name of its directory, which ends with the version.</summary>
    public required string Folder { get; init; }

    /// <summary>The prefix of the resources that are written into the directory, such as the lock file.</summary>
    public required string Resources { get; init; }

    /// <summary>A file that is there when the tool is, relative to the folder.</summary>
    public required string Proof { get; init; }

    /// <summary>What fetches it.</summary>
    public required PinnedToolSource Source { get; init; }

    /// <summary>The remedy when the download fails.</summary>
    public required string Remedy { get; init; }

    /// <summary>The final step in the directory after the download.</summary>
    public Action<string> Finish { get; init; } = _ => { };
}

/// <summary>What fetches a pinned tool.</summary>
internal enum PinnedToolSource
{
    /// <summary><c>npm ci</c>, which compares everything with the checksums of <c>package-lock.json</c>.</summary>
    Npm,

    /// <summary><c>dotnet publish</c> of a small program, with <c>packages.lock.json</c> locked.</summary>
    DotNet,
}

/// <summary>Embedded resources of this library, by the prefix of their names.</summary>
internal static class EmbeddedFileStore
{
    /// <summary>Writes them into a folder, under the rest of their names.</summary>
    public static void Write(string prefix, string folder)
    {
        foreach (var (name, resource) in List(prefix))
        {
            using var source = Open(resource);
            using var target = File.Create(Path.Combine(folder, name));
            source.CopyTo(target);
        }
    }

    /// <summary>A hash of all their texts: it changes when one of them does.</summary>
    public static string Fingerprint(string prefix) => ContentHash.Of(string.Join('\0', List(prefix).Select(file =>
    {
        using var reader = new StreamReader(Open(file.Resource));
        return $"{file.Name}\0{reader.ReadToEnd()}";
    })));

    private static IEnumerable<(string Name, string Resource)> List(string prefix) =>
        typeof(EmbeddedFileStore).Assembly.GetManifestResourceNames()
            .Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(r => (r[prefix.Length..], r));

    private static Stream Open(string resource) => typeof(EmbeddedFileStore).Assembly.GetManifestResourceStream(resource)!;
}
