using InstanceKit.Drivers;
using InstanceKit.Planning;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>Installs a workspace's Node packages once, when its lock file is there and they are not.</summary>
internal sealed class PackageInstaller(ManagerContext context)
{
    private const string LockFile = "package-lock.json";
    private const string Folder = "node_modules";

    /// <summary>The operation, or nothing when the packages are there or are not npm's business.</summary>
    public OperationPlan Plan() => IsNeeded()
        ? new OperationPlan([new Operation(
            OperationKind.InstallPackages, "the workspace", $"{LockFile} exists and {Folder} does not: npm ci")])
        : new OperationPlan([]);

    /// <summary>Installs what is missing; two commands at once install once.</summary>
    public async Task InstallAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        if (!IsNeeded())
            return;
        using var turn = await context.TakeTurnAsync(
            "packages", () => progress.Step("packages", "another command installs the workspace's packages"), cancellation);
        if (!IsNeeded())
        {
            progress.Done("packages", "installed by another command");
            return;
        }

        progress.Step("packages", "npm ci (once for this workspace)");
        var npm = new ProcessSpec
        {
            Program = Node.Npm,
            Arguments = ["ci", "--no-audit", "--no-fund"],
            WorkingDirectory = context.Workspace,
            // With the NODE_ENV=production of somebody's shell npm would leave out what the dev servers need.
            Environment = new Dictionary<string, string?> { ["NODE_ENV"] = null },
            InstallHint = Node.InstallHint,
        };
        await File.WriteAllTextAsync(UnfinishedMark, "npm ci was begun here and has not ended.\n", cancellation);
        await ProcessRunner.ReadAsync(npm, "install the workspace's packages", cancellation: cancellation);
        File.Delete(UnfinishedMark);
        progress.Done("packages", "installed");
    }

    /// <summary>Exists while npm works: an interrupted installation leaves a folder that looks complete.</summary>
    private string UnfinishedMark => Path.Combine(context.Spec(0).Paths.Root, ".locks", "packages.unfinished");

    private bool IsNeeded() =>
        File.Exists(Path.Combine(context.Workspace, LockFile))
        && (!Directory.Exists(Path.Combine(context.Workspace, Folder)) || File.Exists(UnfinishedMark));
}
