using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>What is known of the work on one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Began">When the work began.</param>
/// <param name="Steps">Its steps, in the order in which they began.</param>
internal sealed record InstanceSteps(int Instance, DateTimeOffset Began, IReadOnlyList<ProgressStep> Steps)
{
    /// <summary>How the work ended; <see langword="null"/> while it goes on.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>When the work ended; <see langword="null"/> while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How long the work has taken until now, or took.</summary>
    public TimeSpan Elapsed(DateTimeOffset now) => (Ended ?? now) - Began;

    /// <summary>How many steps have ended.</summary>
    public int DoneCount => Steps.Count(s => s.IsDone);

    /// <summary>The progress after an event of this instance.</summary>
    public InstanceSteps After(InstanceEvent happened, DateTimeOffset now)
    {
        // Up works twice on an instance, for its files and for what runs: the second time goes on.
        if (happened.Kind == InstanceEventKind.Ended)
            return this with { Outcome = happened.Outcome, Ended = now };
        return WithStep(happened, now) with { Outcome = null, Ended = null };
    }

    private InstanceSteps WithStep(InstanceEvent happened, DateTimeOffset now)
    {
        var isDone = happened.Kind == InstanceEventKind.Done;
        var known = Steps.FirstOrDefault(s => s.Subject == happened.Subject);

        // Compose may say "started" after we have seen that a service is ready: what is done stays done.
        var isLate = !isDone && known is { IsDone: true };
        if (happened.Kind == InstanceEventKind.Note || isLate || EventSubject.IsIncidental(happened.Subject))
            return this;

        var next = new ProgressStep(
            happened.Subject, happened.Message, isDone, known?.Began ?? now, now);
        return this with { Steps = known is null ? [.. Steps, next] : [.. Steps.Select(s => s == known ? next : s)] };
    }
}

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

/// <summary>What events are about.</summary>
internal static class EventSubject
{
    /// <summary>Whether it is a network or volume, which comes and goes with the services and says little by itself.</summary>
    public static bool IsIncidental(string subject) =>
        subject.StartsWith("network ", StringComparison.Ordinal) || subject.StartsWith("volume ", StringComparison.Ordinal);
}
