using System.Globalization;
using InstanceKit.Instances;
using InstanceKit.Platform;

namespace InstanceKit.Starting;

/// <summary>
/// How long the services of a workspace took to become ready after their containers had started. What takes long is started first.
/// </summary>
internal sealed class StartTimeStore(InstancePaths paths)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private string FilePath => Path.Combine(paths.Cache, "start-times");

    /// <summary>The times in milliseconds, by service; none that can't be read.</summary>
    public IReadOnlyDictionary<string, int> Read()
    {
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            foreach (var line in (FileStore.ReadText(FilePath) ?? "").Split('\n'))
            {
                if (line.Split(' ') is [var service, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                    && time <= Longest.TotalMilliseconds)
                    times[service] = time;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, int>(); // it only orders starts
        }

        return times;
    }

    /// <summary>Remembers what a start has measured.</summary>
    public void Keep(IReadOnlyDictionary<string, TimeSpan> measured)
    {
        if (measured.Count == 0 || !Directory.Exists(paths.Root))
            return;
        var times = new SortedDictionary<string, int>(Read().ToDictionary(), StringComparer.Ordinal);
        foreach (var (service, time) in measured.Where(m => m.Value <= Longest))
            times[service] = (int)time.TotalMilliseconds;
        FileStore.TryWrite(FilePath, string.Concat(times.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value}\n"))));
    }

    /// <summary>The time of a service that was never measured: what its image usually takes on a small machine.</summary>
    public static int Usual(string? image)
    {
        var name = (image ?? "").Split('@')[0];
        return name[(name.LastIndexOf('/') + 1)..].Split(':')[0] switch
        {
            "opensearch" or "elasticsearch" => 20_000,
            "loki" or "keycloak" or "auto-setup" => 15_000,
            "kafka" or "cp-kafka" or "redpanda" or "mysql" or "mariadb" or "rabbitmq" => 5_000,
            _ => 1_000,
        };
    }
}
