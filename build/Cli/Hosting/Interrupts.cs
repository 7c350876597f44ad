using System.Runtime.InteropServices;

namespace Cli.Hosting;

/// <summary>
/// Ctrl-C while a verb runs: the first one cancels its token, so that it can clean up; the second one ends
/// the process at once. SIGTERM counts as Ctrl-C.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int Interrupted = 130;
    private const int SigInt = 2;

    private readonly CancellationTokenSource _source = new();
    private readonly ManualResetEventSlim _never = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public Interrupts()
    {
        // The signal handlers of a process are called newest first, so this one precedes the engine's.
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Makes SIGINT count, and that of each program started later, also where the parent process ignores it.</summary>
    /// <remarks>
    /// <c>nohup</c> and a script's <c>&amp;</c> hand an ignored SIGINT down, and the .NET runtime installs no handler for a
    /// signal that is ignored. It checks when the first handler is registered, so this comes first.
    /// </remarks>
    public static void Accept()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetDisposition(SigInt, 0);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(Interrupted);
        _source.Cancel();

        // Each signal has its own background thread. As long as it stays here, the engine does not receive the
        // signal, and does not end the build while the verb is running.
        _never.Wait();
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetDisposition(int signal, nint disposition);
}
