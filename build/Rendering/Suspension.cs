using System.Runtime.InteropServices;

namespace Rendering;

/// <summary>
/// Gives the terminal back when a person stops the program by Ctrl-Z, and takes it again when it goes on. On Windows nothing
/// stops a program so.
/// </summary>
internal sealed class Suspension : IDisposable
{
    private static readonly int SigTstp = OperatingSystem.IsLinux() ? 20 : 18;

    private readonly Lock _lock = new();
    private readonly Action _leave;
    private readonly Action _enter;
    private PosixSignalRegistration? _registration;
    private bool _isDisposed;

    /// <summary>Waits for it.</summary>
    /// <param name="leave">Gives the terminal back.</param>
    /// <param name="enter">Takes it again.</param>
    public Suspension(Action leave, Action enter)
    {
        (_leave, _enter) = (leave, enter);
        Register();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _registration?.Dispose();
        }
    }

    private void Register()
    {
        lock (_lock)
        {
            if (!_isDisposed && !OperatingSystem.IsWindows())
                _registration = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStop);
        }
    }

    private void OnStop(PosixSignalContext signal)
    {
        signal.Cancel = true; // the runtime, which would otherwise ignore it, leaves it to this
        new Thread(Stop) { IsBackground = true, Name = "Ctrl-Z" }.Start();
    }

    /// <summary>Lets the signal do what it does by itself, which is nothing where no shell could let the program go on.</summary>
    private void Stop()
    {
        _leave();
        lock (_lock)
            _registration?.Dispose();
        _ = Raise(SigTstp);
        Register();
        _enter();
    }

    [DllImport("libc", EntryPoint = "raise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Raise(int signal);
}
