using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstanceKit.Platform;

/// <summary>
/// A lock between processes of one host, held by keeping a file open. The file stays; its holder is noted in another file,
/// because a locked file can't be read everywhere. The operating system releases the lock when the process exits.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>The time limit for a lock that others hold for less than a second.</summary>
    public static readonly TimeSpan ShortTurn = TimeSpan.FromSeconds(30);

    private const string HolderEnding = ".holder.json";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceWithStopped = TimeSpan.FromSeconds(10);

    private readonly FileStream _file;
    private readonly string _note;

    private FileLock(FileStream file, string note) => (_file, _note) = (file, note);

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="command">What the holder does, for others: "Up"; <see langword="null"/> for the targets of this process.</param>
    /// <returns><see langword="null"/> when another process holds it.</returns>
    /// <exception cref="IOException">The file can't be opened, for a reason other than being locked.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static FileLock? TryTake(string path, string? command = null)
    {
        if (Open(path) is not { } file)
            return null;
        var note = NoteOf(path);
        var holder = new LockHolder(Environment.ProcessId, command ?? OwnCommand(), DateTimeOffset.UtcNow);
        // On a full disk, others see that the lock is held, but not by whom.
        FileStore.Attempt(() => FileStore.Write(note, JsonSerializer.Serialize(holder, NoteJson.Default.LockHolder)));
        return new FileLock(file, note);
    }

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="what">What the lock guards, as the start of a sentence: "The registry of instances".</param>
    /// <param name="onWait">Receives a line, once, when the wait exceeds two seconds.</param>
    /// <param name="limit">The longest wait; ten seconds where the holder is stopped.</param>
    /// <exception cref="InstanceKitException">Another process still holds it: exit code 6.</exception>
    public static async Task<FileLock> TakeAsync(
        string path, string what, Action<string>? onWait, TimeSpan limit, CancellationToken cancellation, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            var waited = clock.GetElapsedTime(start);
            if (waited > SilentWait && onWait is not null)
            {
                onWait($"waiting for {Describe(path)}: {char.ToLowerInvariant(what[0])}{what[1..]} only one command at a time can use it");
                onWait = null;
            }

            if (waited > limit || (waited > PatienceWithStopped && Holder(path) is { } holder && IsStopped(holder.Pid)))
                throw Held($"{what} is held by {Describe(path)}; waited {waited.TotalSeconds:0} s.", path);
            await Task.Delay(LookEvery, clock, cancellation);
        }
    }

    /// <summary>The error for a lock that another process holds.</summary>
    public static InstanceKitException Held(string message, string path) => new(
        ExitCode.Locked, message,
        Holder(path) is not { } holder ? "Wait for it to finish, then retry."
        : IsStopped(holder.Pid) ? $"That process is stopped: resume it (kill -CONT {holder.Pid}) or stop it (kill -KILL {holder.Pid}), then retry."
        : $"Wait for it to finish, or stop it (process {holder.Pid}), then retry.");

    /// <summary>Who holds a lock: "'Up' (process 4711, since 10:32:05)".</summary>
    public static string Describe(string path) => Holder(path) is { } holder
        ? $"'{holder.Verb}' (process {holder.Pid}, since {holder.Since.LocalDateTime:HH:mm:ss}{(IsStopped(holder.Pid) ? ", stopped" : "")})"
        : "another command";

    /// <summary>The noted holder of a lock, if it is still running. Does not touch the lock, so that others are not rejected meanwhile.</summary>
    public static LockHolder? Holder(string path)
    {
        try
        {
            return FileStore.ReadText(NoteOf(path)) is { } json
                && JsonSerializer.Deserialize(json, NoteJson.Default.LockHolder) is { Verb: not null } holder && IsAlive(holder) ? holder : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        FileStore.Attempt(() => File.Delete(_note));
        _file.Dispose();
    }

    private static string NoteOf(string path) => Path.ChangeExtension(path, HolderEnding);

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
        catch (IOException e) when (FileFailure.IsOutOfSpace(e) && File.Exists(path))
        {
            return OpenReadOnly(path);
        }
    }

    // On a read-only file system a lock file that is there serves all the same.
    private static FileStream? OpenReadOnly(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of flock(2), or a sharing or lock violation of Windows.</summary>
    private static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult == (OperatingSystem.IsLinux() ? 11 : 35);

    /// <summary>A process that started later only reuses the holder's process ID.</summary>
    private static bool IsAlive(LockHolder holder)
    {
        try
        {
            using var process = Process.GetProcessById(holder.Pid);
            return process.StartTime.ToUniversalTime() <= holder.Since.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // it has exited
        }
    }

    private static bool IsStopped(int pid) =>
        OperatingSystem.IsLinux() && ProcFolder.Read(pid, "stat") is { } stat && stat[(stat.LastIndexOf(')') + 1)..].TrimStart() is ['T' or 't', ..];

    // Options may contain private data: only the targets are named.
    private static string OwnCommand() =>
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).TakeWhile(word => !word.StartsWith('-'))) is { Length: > 0 } targets
            ? targets : "another command";
}

/// <summary>How small notes to later commands are serialized; generated at compile time, for native compilation.</summary>
[JsonSerializable(typeof(LockHolder))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class NoteJson : JsonSerializerContext;

/// <summary>Who holds an instance.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Verb">What it does: "Up".</param>
/// <param name="Since">When it took the lock.</param>
internal sealed record LockHolder(int Pid, string Verb, DateTimeOffset Since);
