namespace Rendering.Progress;

/// <summary>What is known of one step of the work on an instance.</summary>
/// <param name="Subject">The service, app or files it is about.</param>
/// <param name="Message">What happens to it, or has happened.</param>
/// <param name="IsDone">Whether it has ended.</param>
/// <param name="Began">When it began.</param>
/// <param name="Changed">When it last changed.</param>
internal sealed record ProgressStep(
    string Subject, string Message, bool IsDone, DateTimeOffset Began, DateTimeOffset Changed)
{
    /// <summary>How long it has taken until now, or took.</summary>
    public TimeSpan Elapsed(DateTimeOffset now) => (IsDone ? Changed : now) - Began;
}
