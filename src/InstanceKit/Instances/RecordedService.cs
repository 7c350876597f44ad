namespace InstanceKit.Instances;

/// <summary>What was decided for a service that runs as a process, or that is skipped.</summary>
/// <param name="Service">The service.</param>
/// <param name="ProcessName">Its PM2 name; <see langword="null"/> when it has no process.</param>
/// <param name="Port">The port that must answer; <see langword="null"/> when it has no process.</param>
/// <param name="Skipped">Why it is skipped; <see langword="null"/> when it runs.</param>
public sealed record RecordedService(string Service, string? ProcessName, int? Port, string? Skipped)
{
    /// <summary>The service whose process does the work of this one; <see langword="null"/> for none.</summary>
    public string? ServedBy { get; init; }

    /// <summary>The published ports that are served; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Serves { get; init; }
}
