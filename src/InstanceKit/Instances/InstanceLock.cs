using InstanceKit.Platform;

namespace InstanceKit.Instances;

/// <summary>Lets one command at a time change an instance. The operating system releases it when the process exits.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileLock? _lock;

    private InstanceLock(FileLock? held) => _lock = held;

    /// <summary>Takes the lock, at once or not at all.</summary>
    /// <param name="verb">What the holder does: "Up".</param>
    /// <param name="mayLackSpace">
    /// Whether to continue without the lock if its file can't be created because the disk is full or read-only: then nobody
    /// else can hold it either.
    /// </param>
    /// <exception cref="InstanceKitException">
    /// Another command, which is named, holds the instance; or a link in its directory points outside of the workspace; or the file
    /// system refuses the lock.
    /// </exception>
    public static InstanceLock Acquire(InstanceSpec spec, string verb, bool mayLackSpace = false)
    {
        var paths = spec.Paths;
        try
        {
            InstanceStore.RequireInside(paths);
            Directory.CreateDirectory(Path.GetDirectoryName(paths.Lock)!);
            return FileLock.TryTake(paths.Lock, verb) is { } held ? new InstanceLock(held)
                : throw FileLock.Held($"{spec.Title} is held by {FileLock.Describe(paths.Lock)}.", paths.Lock);
        }
        catch (Exception e) when (mayLackSpace && FileFailure.IsOutOfSpace(e))
        {
            return new InstanceLock(null);
        }
        catch (Exception e) when (FileFailure.IsOne(e))
        {
            throw FileFailure.Of(e, paths.Lock);
        }
    }

    /// <summary>
    /// Whether a command holds the lock. Does not touch it, so that others are not rejected meanwhile. A command that was
    /// killed holds nothing, although its note is still there.
    /// </summary>
    public static bool IsHeld(InstancePaths paths) => FileLock.Holder(paths.Lock) is not null;

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
