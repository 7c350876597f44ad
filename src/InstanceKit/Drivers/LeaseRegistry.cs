using System.Text.Json;
using InstanceKit.Instances;

namespace InstanceKit.Drivers;

/// <summary>The file that knows which workspace has which instance; one for each user of a machine.</summary>
/// <param name="folder">The folder that it lies in; made when it is first written.</param>
public sealed class LeaseRegistry(string folder)
{
    private const int Version = 1;

    /// <summary>The registry of this user: below <c>XDG_STATE_HOME</c>, or else where the platform keeps such files.</summary>
    public static LeaseRegistry OfUser => new(DefaultFolder());

    /// <summary>The file.</summary>
    public string FilePath { get; } = Path.Combine(folder, "leases.json");

    /// <summary>What the file says; <see langword="null"/> when it is missing.</summary>
    /// <exception cref="InstanceKitException">It can't be opened.</exception>
    public LeaseBook? Read(out bool isDamaged)
    {
        var json = Touch(() => InstanceDirectory.ReadText(FilePath));
        var book = json is null ? null : Parse(json);
        isDamaged = json is not null && book is null;
        return book;
    }

    /// <summary>Waits until no other command changes the registry.</summary>
    /// <exception cref="InstanceKitException">The folder can't be made or written.</exception>
    internal async Task<FileLock> TakeTurnAsync(CancellationToken cancellation)
    {
        try
        {
            InstanceDirectory.CreatePrivate(folder);
            return await FileLock.TakeAsync(FilePath + ".lock", null, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Writes the whole book; the turn must be held.</summary>
    internal void Write(LeaseBook book) => Touch(() =>
    {
        InstanceDirectory.Write(FilePath, JsonSerializer.Serialize(new LeaseFile(Version, book.Leases), RecordJson.Default.LeaseFile) + "\n");
        return true;
    });

    /// <summary>Moves a damaged file aside, where it can be looked at; the turn must be held.</summary>
    /// <returns>Where it is now.</returns>
    internal string SetDamagedAside() => Touch(() =>
    {
        var aside = FilePath + ".damaged";
        File.Move(FilePath, aside, overwrite: true);
        return aside;
    });

    private static LeaseBook? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RecordJson.Default.LeaseFile) is { Version: Version } content ? new LeaseBook(content.Leases) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private T Touch<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private InstanceKitException Unusable(Exception cause) => new(
        ExitCode.Prerequisite, $"The registry of instances {FilePath} can't be used: {cause.Message}",
        "Give your user the right to it, or set XDG_STATE_HOME to a folder of yours.", cause);

    private static string DefaultFolder()
    {
        // A relative one does not count, as the XDG specification says.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && Path.IsPathRooted(given) ? given
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "instancekit");
    }
}
