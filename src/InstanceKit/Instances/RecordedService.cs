namespace InstanceKit.Instances;

/// <summary>What was decided for a service that runs as a process, or that is skipped.</summary>
/// <param name="Service">The service.</param>
/// <param name="ProcessName">Its PM2 name; <see langword="null"/> when it is skipped.</param>
/// <param name="Port">The port that must answer; <see langword="null"/> when it is skipped.</param>
/// <param name="Skipped">Why it is skipped; <see langword="null"/> when it runs.</param>
public sealed record RecordedService(string Service, string? ProcessName, int? Port, string? Skipped);
