using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Apps;

/// <summary>The PM2 daemon of each instance: the one that it was started under, as long as that is running.</summary>
/// <remarks>
/// A PM2_HOME that differs from one shell to the next would otherwise hide the apps from Down and Status, while their
/// daemon restarts whatever is stopped.
/// </remarks>
/// <param name="tools">Where a pinned PM2 is kept.</param>
/// <param name="onWait">Receives a line when the wait for another command to start the daemon exceeds two seconds.</param>
internal sealed class Pm2Access(string tools, Action<string>? onWait = null) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Pm2ScriptRunners _clients = new();
    private Pm2Program? _program;

    /// <inheritdoc />
    public void Dispose()
    {
        _clients.Dispose();
        _turn.Dispose();
    }

    /// <summary>PM2 for an instance, found or downloaded when it is first needed.</summary>
    /// <exception cref="InstanceKitException">PM2 is not installed and can't be downloaded.</exception>
    public async Task<Pm2Client> ForAsync(InstanceSpec spec, Action<string> onProgress, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            Node.RequirePresence(); // runs PM2, and is not needed to find it
            _program ??= await new Pm2ProgramProbe(tools, onProgress).FindAsync(cancellation);
            return new Pm2Client(_program, HomeOf(spec).Path, _clients) { OnWait = onWait };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The processes of the instance's daemon; does not need, download or start PM2 when none is running.</summary>
    public async Task<IReadOnlyList<Pm2Process>> ListAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var home = HomeOf(spec);
        if (TryListNow(home, cancellation) is { } listed)
            return listed;
        return home.IsDaemonAlive() ? await (await ForAsync(spec, _ => { }, cancellation)).ListAsync(cancellation) : [];
    }

    /// <summary>The immediate answer of a daemon; <see langword="null"/> when none is running, or it can only be queried through PM2.</summary>
    public static IReadOnlyList<Pm2Process>? TryListNow(Pm2Home home, CancellationToken cancellation) =>
        OperatingSystem.IsWindows() ? null : Pm2SocketClient.TryList(home.RequestSocket, cancellation);

    /// <summary>The home of an instance's daemon.</summary>
    public static Pm2Home HomeOf(InstanceSpec spec) => InstanceStore.ReadRecord(spec.Paths) is { } record
        ? HomeOf(record)
        : HomeOf(LeaseStore.OfUser().Read(out _)?.Of(spec.Workspace, spec.Number)?.Pm2Home);

    /// <summary>The same, from its record.</summary>
    public static Pm2Home HomeOf(InstanceRecord? record) => HomeOf(record?.Pm2Home);

    private static Pm2Home HomeOf(string? recorded)
    {
        var ambient = Pm2Home.Resolve(null);
        return recorded is not null && Pm2Home.Resolve(recorded) is var home && (home.Path == ambient.Path || home.IsDaemonAlive())
            ? home
            : ambient;
    }
}
