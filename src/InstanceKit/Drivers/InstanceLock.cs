using System.Diagnostics;
using System.Text.Json;
using InstanceKit.Instances;

namespace InstanceKit.Drivers;

/// <summary>Lets one command at a time change an instance. The operating system frees it when the process ends.</summary>
public sealed class InstanceLock : IDisposable
{
    private const string HolderEnding = ".holder.json";

    private readonly FileStream _stream;
    private readonly string _holderPath;

    private InstanceLock(FileStream stream, string holderPath)
    {
        _stream = stream;
        _holderPath = holderPath;
    }

    /// <summary>Takes the lock, at once or not at all.</summary>
    /// <param name="paths">The instance's files.</param>
    /// <param name="verb">What the holder does: "Up".</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="InstanceKitException">Another command holds the instance; it is named.</exception>
    public static InstanceLock Acquire(InstancePaths paths, string verb, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Lock)!);
        // The lock file itself can't be read while it is held, so its holder stands in a file beside it.
        var holderPath = Path.ChangeExtension(paths.Lock, HolderEnding);
        FileStream stream;
        try
        {
            stream = new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InstanceKitException(
                ExitCode.Locked, $"Instance {paths.Number} is held by {Describe(holderPath)}.",
                "Wait for it to end, or end it; other instances can be used meanwhile.", e);
        }

        InstanceDirectory.Write(holderPath, JsonSerializer.Serialize(new LockHolder(Environment.ProcessId, verb, now), NoteJson.Default.LockHolder));
        return new InstanceLock(stream, holderPath);
    }

    /// <summary>
    /// Whether a command holds the lock, told without touching it, so that nobody else is refused meanwhile. One that was
    /// killed holds nothing, although its note is still there.
    /// </summary>
    public static bool IsHeld(InstancePaths paths)
    {
        try
        {
            return Read(Path.ChangeExtension(paths.Lock, HolderEnding)) is { } holder && IsAlive(holder);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return true; // somebody is at it right now
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        File.Delete(_holderPath);
        _stream.Dispose();
    }

    private static string Describe(string holderPath)
    {
        try
        {
            return Read(holderPath) is { } holder
                ? $"'{holder.Verb}' (process {holder.Pid}, since {holder.Since.LocalDateTime:HH:mm:ss})"
                : "another command";
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return "another command";
        }
    }

    private static LockHolder? Read(string path) =>
        InstanceDirectory.ReadText(path) is { } json ? JsonSerializer.Deserialize(json, NoteJson.Default.LockHolder) : null;

    /// <summary>A process that began later only has the holder's number.</summary>
    private static bool IsAlive(LockHolder holder)
    {
        try
        {
            using var process = Process.GetProcessById(holder.Pid);
            return process.StartTime.ToUniversalTime() <= holder.Since.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // it has ended
        }
    }
}
