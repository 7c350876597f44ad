namespace InstanceKit.Drivers;

/// <summary>A lock that processes of one host take in turn, by holding a file open. The file stays.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="onWait">Called once when somebody else holds it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<FileLock> TakeAsync(string path, Action? onWait, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                onWait?.Invoke();
                onWait = null;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
