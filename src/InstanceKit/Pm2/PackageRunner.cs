using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Installs the Node packages of a workspace with the package manager of its lock file, when they are not there.</summary>
/// <param name="workspace">The workspace's absolute path.</param>
internal sealed class PackageRunner(string workspace)
{
    private const string Folder = "node_modules";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>What package managers write last; Bun writes nothing of the kind.</summary>
    private static readonly string[] Signs =
        [$"{Folder}/.package-lock.json", $"{Folder}/.yarn-integrity", $"{Folder}/.yarn-state.yml", $"{Folder}/.modules.yaml", ".pnp.cjs"];

    /// <summary>The package manager; <see langword="null"/> for a workspace without a lock file.</summary>
    public PackageManager? Manager { get; } = PackageManagerProbe.Find(workspace);

    /// <summary>Whether packages are missing that a lock file names.</summary>
    public bool IsNeeded => Manager is not null && (File.Exists(UnfinishedMark) || !IsComplete());

    /// <summary>Why they have to be installed, and how.</summary>
    public string Cause => Directory.Exists(Path.Combine(workspace, Folder))
        ? $"{Folder} is incomplete: {Manager!.Command}"
        : $"{Manager!.LockFile} exists and {Folder} does not: {Manager.Command}";

    /// <summary>Installs what is missing; two concurrent commands install once.</summary>
    /// <returns>Whether this command installed it.</returns>
    /// <exception cref="InstanceKitException">The package manager is missing, or failed.</exception>
    public async Task<bool> InstallAsync(Action<string> onStep, CancellationToken cancellation)
    {
        if (!IsNeeded)
            return false;
        var locks = Path.GetDirectoryName(UnfinishedMark)!;
        FileStore.RequireInside(locks);
        Directory.CreateDirectory(locks);
        using var turn = await FileLock.TakeAsync(
            Path.Combine(locks, "packages.lock"), $"The packages lock of '{workspace}'", onStep, LongestWait, cancellation);
        if (!IsNeeded)
            return false;
        await EndFormerAsync(onStep, cancellation);
        onStep($"{Manager!.Command} (once for this workspace)");
        var install = new ProcessSpec
        {
            Program = Manager.Path ?? Manager.Name,
            Arguments = Manager.Arguments,
            WorkingDirectory = workspace,
            // With NODE_ENV=production from the shell, what the dev servers need would be omitted.
            Environment = new Dictionary<string, string?> { ["NODE_ENV"] = null, ["CI"] = "true", [OwnedProcesses.Variable] = Marker },
            InstallHint = Manager.InstallHint,
        };
        FileStore.Write(UnfinishedMark, $"{Manager.Command} was started here and has not finished.\n", isDurable: true);
        await ProcessRunner.ReadAsync(install, "install the workspace's packages", cancellation: cancellation);
        File.Delete(UnfinishedMark);
        return true;
    }

    /// <summary>Exists while packages are installed: an interrupted installation leaves a directory that looks complete.</summary>
    private string UnfinishedMark => Path.Combine(workspace, FileStore.GuardedName, ".locks", "packages.unfinished");

    private string Marker => ProcessMarks.OwnerOf("packages", workspace);

    /// <summary>An incomplete directory exists too.</summary>
    private bool IsComplete() => Signs.Any(s => File.Exists(Path.Combine(workspace, s)))
        || (Directory.Exists(Path.Combine(workspace, Folder)) && PackageManagerProbe.HasLockOfBun(workspace));

    /// <summary>A package manager whose parent was killed keeps running, and two of them in one directory corrupt it.</summary>
    private async Task EndFormerAsync(Action<string> onStep, CancellationToken cancellation)
    {
        var former = OwnedProcesses.Find(Marker);
        if (former.Count == 0)
            return;
        onStep($"stopping a {Manager!.Command} that an earlier command left running (process {former[0].Pid})");
        if (await OwnedProcesses.EndAsync(former, Grace, cancellation) is [var survivor, ..])
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"An earlier {Manager.Command} is still running in '{workspace}' (process {survivor.Pid}) and could not be stopped.",
                $"Stop it (kill -KILL {survivor.Pid}), then retry.");
        }
    }
}

/// <summary>The package manager of a workspace.</summary>
/// <param name="Name"><c>npm</c>, <c>pnpm</c>, <c>yarn</c> or <c>bun</c>.</param>
/// <param name="LockFile">The lock file that decides.</param>
/// <param name="Arguments">What installs exactly the packages of the lock file.</param>
internal sealed record PackageManager(string Name, string LockFile, IReadOnlyList<string> Arguments)
{
    /// <summary>The version that <c>packageManager</c> in package.json requires; empty for any.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its path; <see langword="null"/> if it is not installed.</summary>
    public string? Path { get; init; }

    /// <summary>How it is called, as text.</summary>
    public string Command => $"{Name} {Arguments[0]}";

    /// <summary>What to do when it is missing.</summary>
    public string InstallHint => Name == "npm"
        ? Node.InstallHint
        : $"The workspace needs {Name} ({LockFile}). Install it: npm install --global {Name}{(Version.Length > 0 ? $"@{Version}" : "")}";
}

/// <summary>Finds out which package manager a workspace uses.</summary>
internal static class PackageManagerProbe
{
    private static readonly PackageManager[] Known =
    [
        new("npm", "package-lock.json", ["ci", "--no-audit", "--no-fund"]),
        new("npm", "npm-shrinkwrap.json", ["ci", "--no-audit", "--no-fund"]),
        new("pnpm", "pnpm-lock.yaml", ["install", "--frozen-lockfile"]),
        new("yarn", "yarn.lock", ["install", "--frozen-lockfile", "--non-interactive"]),
        new("bun", "bun.lock", ["install", "--frozen-lockfile"]),
        new("bun", "bun.lockb", ["install", "--frozen-lockfile"]),
    ];

    /// <summary>That of a workspace: of several lock files, the one that <c>packageManager</c> in package.json requires.</summary>
    /// <returns><see langword="null"/> for a workspace without a lock file.</returns>
    public static PackageManager? Find(string workspace)
    {
        var present = Known.Where(m => File.Exists(Path.Combine(workspace, m.LockFile))).ToList();
        if (present.Count == 0)
            return null;
        var (name, version) = Required(workspace);
        var found = present.Find(m => m.Name == name) ?? present[0];
        return found with
        {
            Path = ProgramsOnPath.Find(found.Name, Environment.GetEnvironmentVariable("PATH") ?? ""),
            Version = found.Name == name ? version : "",
            Arguments = found.Name == "yarn" && IsModernYarn(workspace) ? ["install", "--immutable"] : found.Arguments,
        };
    }

    /// <summary>Whether Bun, which marks nothing in node_modules, may have installed the packages.</summary>
    public static bool HasLockOfBun(string workspace) =>
        Known.Any(m => m.Name == "bun" && File.Exists(Path.Combine(workspace, m.LockFile)));

    private static bool IsModernYarn(string workspace) =>
        FileStore.ReadText(Path.Combine(workspace, "yarn.lock"))?.Contains("__metadata:", StringComparison.Ordinal) == true;

    private static (string Name, string Version) Required(string workspace)
    {
        try
        {
            using var document = JsonDocument.Parse(FileStore.ReadText(Path.Combine(workspace, "package.json")) ?? "{}");
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("packageManager", out var value)
                || value.ValueKind != JsonValueKind.String)
                return ("", "");
            var parts = value.GetString()!.Split('@', '+');
            return (parts[0], parts.Length > 1 ? parts[1] : "");
        }
        catch (JsonException)
        {
            return ("", ""); // the package manager reports it
        }
    }
}
