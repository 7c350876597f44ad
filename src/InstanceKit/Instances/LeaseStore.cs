using System.Text.Json;
using System.Text.Json.Serialization;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>The file that knows which workspace has which instance; one for each user of a machine.</summary>
/// <param name="folder">Its directory; created at the first write.</param>
/// <param name="onWait">Receives a line when the wait for the registry exceeds two seconds.</param>
internal sealed class LeaseStore(string folder, Action<string>? onWait = null)
{
    private const int Version = 1;

    /// <summary>The file.</summary>
    public string FilePath { get; } = Path.Combine(folder, "leases.json");

    /// <summary>The registry of this user: below <c>XDG_STATE_HOME</c>, or else in the platform's state directory.</summary>
    /// <exception cref="InstanceKitException">Neither XDG_STATE_HOME nor HOME is set, and the user has no home directory.</exception>
    public static LeaseStore OfUser(Action<string>? onWait = null) => new(DefaultFolder(), onWait);

    /// <summary>Its directory, in which the shared infrastructures lie too.</summary>
    public string Folder => folder;

    /// <summary>The content of the file; <see langword="null"/> when it is missing or unreadable.</summary>
    /// <param name="isDamaged">Whether some or all of it can't be read.</param>
    /// <exception cref="InstanceKitException">It can't be opened, or a newer version wrote it.</exception>
    public LeaseBook? Read(out bool isDamaged)
    {
        var json = Touch(() => FileStore.ReadSource(FilePath));
        isDamaged = false;
        return json is null ? null : Parse(json, out isDamaged);
    }

    /// <summary>Waits until no other command changes the registry.</summary>
    /// <exception cref="InstanceKitException">The directory can't be created or written, or another command holds it for too long.</exception>
    internal async Task<FileLock> TakeTurnAsync(CancellationToken cancellation)
    {
        try
        {
            FileStore.CreatePrivate(folder);
            var turn = await FileLock.TakeAsync(
                FilePath + ".lock", "The registry of instances", onWait, FileLock.ShortTurn, cancellation);
            foreach (var left in Directory.EnumerateFiles(folder, ".*").Where(f => FileStore.IsLeftOver(Path.GetFileName(f))))
                FileStore.Attempt(() => File.Delete(left));
            return turn;
        }
        catch (Exception e) when (FileFailure.IsOne(e))
        {
            throw Unusable(e);
        }
    }

    /// <summary>Writes the registry; the lock must be held.</summary>
    internal void Write(LeaseBook book) => Touch(() =>
    {
        FileStore.Write(
            FilePath, JsonSerializer.Serialize(new LeaseFile(Version, book.Leases), RecordJson.Default.LeaseFile) + "\n", isDurable: true);
        return true;
    });

    /// <summary>Moves a damaged file aside; the lock must be held.</summary>
    /// <returns>Where it is now.</returns>
    internal string SetDamagedAside() => Touch(() =>
    {
        var aside = FilePath + ".damaged";
        File.Move(FilePath, aside, overwrite: true);
        return aside;
    });

    private LeaseBook? Parse(string json, out bool isDamaged)
    {
        isDamaged = true;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number)
                return null;
            if (!version.TryGetInt32(out var number) || number > Version)
                throw TooNew(version.GetRawText());
            if (number < Version || !root.TryGetProperty("leases", out var list) || list.ValueKind != JsonValueKind.Array)
                return null;
            var leases = list.EnumerateArray().Select(Read).OfType<Lease>().DistinctBy(l => (l.Workspace, l.Number)).ToList();
            isDamaged = leases.Count < list.GetArrayLength();
            return new LeaseBook(leases);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A damaged entry must not lose the others.
    private static Lease? Read(JsonElement entry)
    {
        try
        {
            return entry.Deserialize(RecordJson.Default.Lease) is
                {
                    Number: >= 0, Project.Length: > 0, Stack.Length: > 0, Footprint: { Ports: not null, Names: not null, Subnets: not null } taken,
                } lease && Path.IsPathRooted(lease.Workspace) && !lease.Workspace.Contains('\0')
                && taken.Ports.Concat(taken.Names).Concat(taken.Subnets).All(t => t is not null) ? lease : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    private InstanceKitException TooNew(string version) => new(
        ExitCode.Prerequisite, $"The registry of instances {FilePath} has format {version}; this version of the build supports format {Version}.",
        "Update this checkout to the version that wrote it, or set XDG_STATE_HOME to another directory. The file was not changed.");

    private T Touch<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is InstanceKitException || FileFailure.IsOne(e))
        {
            throw Unusable(e);
        }
    }

    private InstanceKitException Unusable(Exception cause) => new(
        ExitCode.Prerequisite, $"The registry of instances can't be used: {(FileFailure.Of(cause) ?? FileFailure.Of(cause, FilePath)).Message}",
        FileFailure.IsOutOfSpace(cause.InnerException ?? cause)
            ? "Free some space there, or set XDG_STATE_HOME to a directory on another disk."
            : "Remove what is in the way or give your user access to it, or set XDG_STATE_HOME to a directory that you own.", cause.InnerException ?? cause);

    private static string DefaultFolder()
    {
        // A relative path is ignored, according to the XDG specification.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && Path.IsPathRooted(given) ? given
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : throw new InstanceKitException(
                ExitCode.Prerequisite, "HOME is not set and your user has no home directory, so the registry of instances has no location.",
                "Set HOME or XDG_STATE_HOME to a directory that you own.");
        return Path.Combine(state, "instancekit");
    }
}

/// <summary>Assigns an instance's number, project and ports on this machine to one workspace.</summary>
internal sealed record Lease
{
    /// <summary>The workspace's absolute path, without symbolic links.</summary>
    public required string Workspace { get; init; }

    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>Its resources on the machine; at first only its ports are known.</summary>
    public required InstanceFootprint Footprint { get; init; }

    /// <summary>The PM2_HOME whose daemon runs its apps; <see langword="null"/> before the first <c>Up</c>.</summary>
    public string? Pm2Home { get; init; }

    /// <summary>What runs its services; <see langword="null"/> before the first <c>Up</c>.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>When it was claimed, in UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether <c>--instance auto</c> chose the number.</summary>
    public bool IsAuto { get; init; }

    /// <summary>Whether it uses the stack's shared infrastructure.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsShared { get; init; }

    /// <summary>Where the workspace was before it was moved; <see langword="null"/> when it never was.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>The file system of the workspace when it was claimed: a folder that is missing while another one is there is not gone.</summary>
    public string? Disk { get; init; }

    /// <summary>Distinguishes the workspace's directory from a copy; <see langword="null"/> if unknown.</summary>
    public string? Identity { get; init; }

    /// <summary>Where its files lie.</summary>
    [JsonIgnore]
    public InstancePaths Paths => new(Workspace, Number);

    /// <summary>What marks its processes.</summary>
    [JsonIgnore]
    public string OwnerMarker => ProcessMarks.OwnerOf(Project, Workspace);

    /// <summary>Whether it is that of an instance of a workspace.</summary>
    public bool IsOf(string workspace, int number) => Workspace == workspace && Number == number;

    /// <summary>Whether this lease covers another one of the same instance.</summary>
    public bool Covers(Lease wanted) =>
        Project == wanted.Project && Stack == wanted.Stack && IsShared == wanted.IsShared && Disk == wanted.Disk && Identity == wanted.Identity
        && wanted.Footprint.Ports.ToHashSet(StringComparer.Ordinal).IsSubsetOf(Footprint.Ports);
}
