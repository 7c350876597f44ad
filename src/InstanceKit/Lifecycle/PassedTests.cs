using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>
/// Remembers for later commands which containers have passed their health check when it was run on the spot. The engine makes
/// its own first check only after a whole interval, often 30 s, and until then every command would have to run it again.
/// </summary>
/// <param name="clock">Tells the time.</param>
/// <param name="paths">The instance's files.</param>
internal sealed class PassedTests(TimeProvider clock, InstancePaths paths)
{
    /// <summary>As long as the engine holds on to one that has passed, by its defaults: three checks, 30 s apart.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(90);

    private string FilePath => Path.Combine(paths.Cache, $"health-{paths.Number}");

    /// <summary>The containers, with what is known of those whose health the engine does not know yet.</summary>
    public IReadOnlyList<ObservedContainer> Recall(IReadOnlyList<ObservedContainer> containers)
    {
        if (!containers.Any(HealthTests.IsDue) || Read() is not { Count: > 0 } passed)
            return containers;
        return [.. containers.Select(c => HealthTests.IsDue(c) && passed.Contains(KeyOf(c)) ? c with { PassesHealthTest = true } : c)];
    }

    /// <summary>Remembers those that have passed.</summary>
    public void Keep(IReadOnlyList<ObservedContainer> containers)
    {
        var passed = containers.Where(c => c is { PassesHealthTest: true, Health: ContainerHealth.Starting }).Select(KeyOf).ToList();
        if (passed.Count == 0 || !Directory.Exists(paths.Root) || Read()?.SetEquals(passed) == true)
            return;
        InstanceDirectory.TryWrite(FilePath, string.Concat(passed.Select(p => p + "\n")));
    }

    /// <summary>Remembers nothing any more.</summary>
    public void Forget()
    {
        if (Directory.Exists(paths.Cache))
            InstanceDirectory.Attempt(() => File.Delete(FilePath));
    }

    /// <summary>What can't be read is as good as not there: the check is run.</summary>
    private HashSet<string>? Read()
    {
        try
        {
            var age = clock.GetUtcNow() - File.GetLastWriteTimeUtc(FilePath);
            return age < GoodFor && InstanceDirectory.ReadText(FilePath) is { } text
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
