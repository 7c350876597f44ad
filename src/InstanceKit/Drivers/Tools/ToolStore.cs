using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>The folder of tools that are fetched once. What can be seen in it is whole: it is renamed into place.</summary>
/// <param name="tools">The folder; made when it is missing.</param>
/// <param name="progress">Called with one line for people when something takes time.</param>
internal sealed class ToolStore(string tools, Action<string>? progress = null)
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromMinutes(5);
    private readonly string _tools = Path.GetFullPath(tools);

    /// <summary>A tool's folder.</summary>
    public string FolderOf(PinnedTool tool) => Path.Combine(_tools, tool.Folder);

    /// <summary>Whether the tool is there.</summary>
    public bool Has(PinnedTool tool) => File.Exists(Path.Combine(FolderOf(tool), tool.Proof));

    /// <summary>Fetches the tool when it is not there; of two commands at once, one does it.</summary>
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
            ExitCode.Prerequisite, $"{ProgramOf(tool)} reported success, but there is no {tool.Title} in '{FolderOf(tool)}'.",
            $"It may not exist for this operating system and processor. {tool.Remedy}");
    }

    private static string ProgramOf(PinnedTool tool) => tool.Source == PinnedToolSource.Npm ? "npm" : "dotnet";

    private async Task InstallAsync(PinnedTool tool, CancellationToken cancellation)
    {
        var folder = FolderOf(tool);
        var draft = NewDraft(folder);
        try
        {
            EmbeddedFiles.Write(tool.Resources, draft);
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

    /// <summary>Makes a folder beside one that it will become, and removes what a killed command left of its own.</summary>
    /// <remarks>The lock of the folder must be held.</remarks>
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
            InstanceDirectory.Attempt(() => Directory.Delete(draft, recursive: true));
    }

    // Where the repository belongs to somebody else, its folder of tools can't be made.
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
            // A build server that outlives this command would hold the folder's files.
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
