using InstanceKit.Instances;

namespace InstanceKit.Drivers;

/// <summary>Lets one command at a time change an instance. The operating system frees it when the process ends.</summary>
public sealed class InstanceLock : IDisposable
{
    private readonly FileLock? _lock;

    private InstanceLock(FileLock? held) => _lock = held;

    /// <summary>Takes the lock, at once or not at all.</summary>
    /// <param name="paths">The instance's files.</param>
    /// <param name="verb">What the holder does: "Up".</param>
    /// <param name="mayLackSpace">
    /// Whether it goes on without the lock where its file can't be made because the disk is full or read-only: then nobody
    /// else can hold it either.
    /// </param>
    /// <exception cref="InstanceKitException">
    /// Another command holds the instance; it is named. Or a link in its folder leads out of the workspace, or the file
    /// system refuses the lock.
    /// </exception>
    public static InstanceLock Acquire(InstancePaths paths, string verb, bool mayLackSpace = false)
    {
        try
        {
            InstanceDirectory.RequireInside(paths);
            Directory.CreateDirectory(Path.GetDirectoryName(paths.Lock)!);
            return FileLock.TryTake(paths.Lock, verb) is { } held ? new InstanceLock(held)
                : throw FileLock.Held($"Instance {paths.Number} is held by {FileLock.Describe(paths.Lock)}.", paths.Lock);
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
    /// Whether a command holds the lock, told without touching it, so that nobody else is refused meanwhile. One that was
    /// killed holds nothing, although its note is still there.
    /// </summary>
    public static bool IsHeld(InstancePaths paths) => FileLock.Holder(paths.Lock) is not null;

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
