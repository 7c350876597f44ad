using InstanceKit.Drivers;

namespace InstanceKit.Lifecycle;

/// <summary>Lists PM2's processes without needing, fetching or starting PM2 when its daemon does not live.</summary>
internal static class Pm2List
{
    public static async Task<IReadOnlyList<Pm2Process>> ReadAsync(ManagerContext context, CancellationToken cancellation)
    {
        if (!Pm2Home.Resolve(null).IsDaemonAlive())
            return [];
        var pm2 = await context.Pm2Async(_ => { }, cancellation);
        return await pm2.ListAsync(cancellation);
    }
}
