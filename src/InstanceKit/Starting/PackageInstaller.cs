using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Installs a workspace's Node packages once, when its lock file is there and they are not.</summary>
internal sealed class PackageInstaller(string workspace, InstanceStore store)
{
    private const string LockFile = "package-lock.json";
    private const string Folder = "node_modules";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>What package managers write last: npm, Yarn and pnpm.</summary>
    private static readonly string[] Signs = [".package-lock.json", ".yarn-integrity", ".yarn-state.yml", ".modules.yaml"];

    /// <summary>The operation, or nothing when the packages are there or are not npm's business.</summary>
    public OperationPlan Plan() => IsNeeded()
        ? new OperationPlan([new Operation(
            OperationKind.InstallPackages, "the workspace", Directory.Exists(Path.Combine(workspace, Folder))
                ? $"{Folder} is incomplete: npm ci" : $"{LockFile} exists and {Folder} does not: npm ci")])
        : new OperationPlan([]);

    /// <summary>Installs what is missing; two concurrent commands install once.</summary>
    public async Task InstallAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        if (!IsNeeded())
            return;
        using var turn = await store.TakeTurnAsync("packages", LongestWait, m => progress.Step("packages", m), cancellation);
        if (!IsNeeded())
        {
            progress.Done("packages", "installed by another command");
            return;
        }

        await EndFormerAsync(progress, cancellation);
        progress.Step("packages", "npm ci (once for this workspace)");
        var npm = new ProcessSpec
        {
            Program = Node.Npm,
            Arguments = ["ci", "--no-audit", "--no-fund"],
            WorkingDirectory = workspace,
            // With NODE_ENV=production from the shell, npm would omit what the dev servers need.
            Environment = new Dictionary<string, string?> { ["NODE_ENV"] = null, [OwnedProcesses.Variable] = Marker },
            InstallHint = Node.InstallHint,
        };
        FileStore.Write(UnfinishedMark, "npm ci was started here and has not finished.\n", isDurable: true);
        await ProcessRunner.ReadAsync(npm, "install the workspace's packages", cancellation: cancellation);
        File.Delete(UnfinishedMark);
        progress.Done("packages", "installed");
    }

    /// <summary>Exists while npm runs: an interrupted installation leaves a directory that looks complete.</summary>
    private string UnfinishedMark => Path.Combine(workspace, InstancePaths.RootName, ".locks", "packages.unfinished");

    private string Marker => ProcessMarks.OwnerOf("packages", workspace);

    private bool IsNeeded() => File.Exists(Path.Combine(workspace, LockFile)) && (File.Exists(UnfinishedMark) || !IsComplete());

    /// <summary>An incomplete directory exists too, so check for the marker of each package manager. Bun leaves none.</summary>
    private bool IsComplete()
    {
        var folder = Path.Combine(workspace, Folder);
        return Directory.Exists(folder) && (Signs.Any(s => File.Exists(Path.Combine(folder, s)))
            || File.Exists(Path.Combine(workspace, "bun.lock")) || File.Exists(Path.Combine(workspace, "bun.lockb")));
    }

    /// <summary>An npm whose parent was killed keeps running, and two of them in one directory corrupt it.</summary>
    private async Task EndFormerAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        var former = OwnedProcesses.Find(Marker);
        if (former.Count == 0)
            return;
        progress.Step("packages", $"stopping an npm ci that an earlier command left running (process {former[0].Pid})");
        if (await OwnedProcesses.EndAsync(former, Grace, cancellation) is [var survivor, ..])
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"An earlier npm ci is still running in '{workspace}' (process {survivor.Pid}) and could not be stopped.",
                $"Stop it (kill -KILL {survivor.Pid}), then retry.");
        }
    }
}
