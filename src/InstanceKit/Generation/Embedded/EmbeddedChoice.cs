namespace InstanceKit.Generation;

/// <summary>What becomes of a service without Docker: a process, or nothing, with the reason.</summary>
/// <remarks>With neither, another service's process does its work; see <see cref="ServedBy"/>.</remarks>
/// <param name="Service">The service.</param>
/// <param name="Process">How it runs; <see langword="null"/> when it does not.</param>
/// <param name="Skipped">Why it is skipped: "needs Docker or 'temporal'"; <see langword="null"/> when it runs.</param>
public sealed record EmbeddedChoice(EmbeddedService Service, EmbeddedProcess? Process, string? Skipped)
{
    /// <summary>
    /// The service whose process does the work of this one as long as it runs; <see langword="null"/> where the work is
    /// done when that process starts.
    /// </summary>
    public string? ServedBy { get; init; }

    /// <summary>The service's name.</summary>
    public string Name => Service.Service.Name;
}
