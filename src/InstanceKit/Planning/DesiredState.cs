namespace InstanceKit.Planning;

/// <summary>What should run in one instance.</summary>
/// <param name="Project">The Compose project.</param>
/// <param name="Services">The services of the merged model.</param>
/// <param name="ModelFingerprint">SHA-256 of the merged model.</param>
/// <param name="Apps">The apps.</param>
public sealed record DesiredState(
    string Project, IReadOnlyList<string> Services, string ModelFingerprint, IReadOnlyList<DesiredApp> Apps);

/// <summary>An app that should run.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="ProcessName">Its PM2 name.</param>
/// <param name="Fingerprint">SHA-256 of its ecosystem entry.</param>
/// <param name="Trouble">Why waiting for its present process is no use; <see langword="null"/> when it may be.</param>
public sealed record DesiredApp(string Name, string ProcessName, string Fingerprint, string? Trouble = null);
