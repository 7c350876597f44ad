using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Leases;

/// <summary>The apps of instances of whatever workspace, by the marks of their processes. No daemon is ever started.</summary>
internal sealed class MachineApps(string tools)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IReadOnlyList<Pm2Process>?> _byHome = new(StringComparer.Ordinal);

    /// <summary>The processes of an instance; <see langword="null"/> when its daemon does not answer.</summary>
    public async Task<IReadOnlyList<Pm2Process>?> ListAsync(Lease lease, CancellationToken cancellation)
    {
        if (HomeOf(lease) is not { } home)
            return null;
        if (!_byHome.TryGetValue(home.Path, out var all))
        {
            all = !home.IsDaemonAlive() ? []
                : OperatingSystem.IsWindows() ? await ListByCommandAsync(home, cancellation)
                : ListNow(home, cancellation);
            _byHome[home.Path] = all;
        }

        string?[] marks = [lease.OwnerMarker, lease.MovedFrom is { } old ? ProcessMarks.OwnerOf(lease.Project, old) : null];
        return all is null ? null : [.. all.Where(p => p.Owner is { } owner && marks.Contains(owner))];
    }

    /// <summary>Stops the apps of an instance and deletes them from PM2.</summary>
    public async Task DeleteAsync(Lease lease, IReadOnlyList<Pm2Process> apps, CancellationToken cancellation)
    {
        if (apps.Count == 0)
            return;
        var program = await new Pm2ProgramProbe(tools).FindAsync(cancellation);
        await new Pm2Client(program, HomeOf(lease)!.Path).DeleteAsync(apps.Select(a => a.Name), cancellation);
    }

    private static IReadOnlyList<Pm2Process>? ListNow(Pm2Home home, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return Pm2SocketClient.TryList(home.RequestSocket, limit.Token);
        }
        catch (NoAnswerException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // PM2's pipe on Windows has one name for every home; the command finds the right daemon or none.
    private async Task<IReadOnlyList<Pm2Process>?> ListByCommandAsync(Pm2Home home, CancellationToken cancellation)
    {
        try
        {
            return await new Pm2Client(await new Pm2ProgramProbe(tools).FindAsync(cancellation), home.Path).ListByCommandAsync(cancellation);
        }
        catch (InstanceKitException)
        {
            return null;
        }
    }

    private static Pm2Home? HomeOf(Lease lease)
    {
        try
        {
            return Pm2Home.Resolve(lease.Pm2Home);
        }
        catch (InstanceKitException)
        {
            return null; // a daemon can't exist at a path that is too long
        }
    }
}
