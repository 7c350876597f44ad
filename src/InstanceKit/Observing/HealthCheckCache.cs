using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;

namespace InstanceKit.Observing;

/// <summary>
/// Caches which containers have passed a health check that was run on demand, for later commands. The engine runs
/// its own first check only after a whole interval, often 30 s, and until then every command would have to run it again.
/// </summary>
internal sealed class HealthCheckCache(TimeProvider clock, InstancePaths paths)
{
    /// <summary>As long as the engine keeps a passed state by default: three checks, 30 s apart.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(90);

    private string FilePath => Path.Combine(paths.Cache, $"health-{paths.Number}");

    /// <summary>The containers, with the cached health of those whose health the engine does not know yet.</summary>
    public IReadOnlyList<ObservedContainer> Recall(IReadOnlyList<ObservedContainer> containers)
    {
        if (!containers.Any(HealthCheckRunner.IsDue) || Read() is not { Count: > 0 } passed)
            return containers;
        return [.. containers.Select(c => HealthCheckRunner.IsDue(c) && passed.Contains(KeyOf(c)) ? c with { PassesHealthTest = true } : c)];
    }

    /// <summary>Stores those that have passed.</summary>
    public void Keep(IReadOnlyList<ObservedContainer> containers)
    {
        var passed = containers.Where(c => c is { PassesHealthTest: true, Health: ContainerHealth.Starting }).Select(KeyOf).ToList();
        if (passed.Count == 0 || !Directory.Exists(paths.Root) || Read()?.SetEquals(passed) == true)
            return;
        FileStore.TryWrite(FilePath, string.Concat(passed.Select(p => p + "\n")));
    }

    /// <summary>Remembers nothing any more.</summary>
    public void Forget()
    {
        if (Directory.Exists(paths.Cache))
            FileStore.Attempt(() => File.Delete(FilePath));
    }

    /// <summary>What can't be read is as good as not there: the check is run.</summary>
    private HashSet<string>? Read()
    {
        try
        {
            var age = clock.GetUtcNow() - File.GetLastWriteTimeUtc(FilePath);
            return age < GoodFor && FileStore.ReadText(FilePath) is { } text
                ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string KeyOf(ObservedContainer container) => $"{container.Id} {container.StartedAt:O}";
}
