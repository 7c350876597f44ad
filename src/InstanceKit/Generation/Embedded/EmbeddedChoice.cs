namespace InstanceKit.Generation;

/// <summary>What becomes of a service without Docker: a process, or nothing, with the reason.</summary>
/// <param name="Service">The service.</param>
/// <param name="Process">How it runs; <see langword="null"/> when it is skipped.</param>
/// <param name="Skipped">Why it is skipped: "needs Docker or 'temporal'"; <see langword="null"/> when it runs.</param>
public sealed record EmbeddedChoice(EmbeddedService Service, EmbeddedProcess? Process, string? Skipped)
{
    /// <summary>The service's name.</summary>
    public string Name => Service.Service.Name;
}
