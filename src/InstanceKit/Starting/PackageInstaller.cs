using InstanceKit.Pm2;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Installs a workspace's Node packages as a step of an instance.</summary>
internal sealed class PackageInstaller(string workspace)
{
    private readonly PackageRunner _packages = new(workspace);

    /// <summary>Whether packages are missing.</summary>
    public bool IsNeeded => _packages.IsNeeded;

    /// <summary>The operation, or nothing when the packages are there or no lock file names any.</summary>
    public OperationPlan Plan() => new(_packages.IsNeeded ? [new Operation(OperationKind.InstallPackages, "the workspace", _packages.Cause)] : []);

    /// <summary>Installs what is missing.</summary>
    public async Task InstallAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        if (!_packages.IsNeeded)
            return;
        var isOurs = await _packages.InstallAsync(m => progress.Step("packages", m), cancellation);
        progress.Done("packages", isOurs ? "installed" : "installed by another command");
    }
}
