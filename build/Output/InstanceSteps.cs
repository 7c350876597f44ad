using InstanceKit.Reconcile;

namespace Output;

/// <summary>What is known of the work on one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Began">When the command started.</param>
/// <param name="Steps">Its steps, in start order.</param>
internal sealed record InstanceSteps(int Instance, DateTimeOffset Began, IReadOnlyList<ProgressStep> Steps)
{
    /// <summary>The outcome; <see langword="null"/> while in progress.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>When the command finished; <see langword="null"/> while in progress.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The elapsed time so far, or in total.</summary>
    public TimeSpan Elapsed(DateTimeOffset now) => (Ended ?? now) - Began;

    /// <summary>How many steps have finished.</summary>
    public int DoneCount => Steps.Count(s => s.IsDone);

    /// <summary>The progress after an event of this instance.</summary>
    public InstanceSteps After(InstanceEvent happened, DateTimeOffset now)
    {
        // Up has two parts, for the files and for what runs: the second one continues the first.
        if (happened.Kind == InstanceEventKind.Ended)
            return this with { Outcome = happened.Outcome, Ended = now };
        return WithStep(happened, now) with { Outcome = null, Ended = null };
    }

    private InstanceSteps WithStep(InstanceEvent happened, DateTimeOffset now)
    {
        var isDone = happened.Kind == InstanceEventKind.Done;
        var known = Steps.FirstOrDefault(s => s.Subject == happened.Subject);

        // Compose may report "started" after a service was observed as ready: done stays done.
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
/// <param name="IsDone">Whether it has finished.</param>
/// <param name="Began">When it started.</param>
/// <param name="Changed">When it last changed.</param>
internal sealed record ProgressStep(
    string Subject, string Message, bool IsDone, DateTimeOffset Began, DateTimeOffset Changed)
{
    /// <summary>The elapsed time so far, or in total.</summary>
    public TimeSpan Elapsed(DateTimeOffset now) => (IsDone ? Changed : now) - Began;
}

/// <summary>What events are about.</summary>
internal static class EventSubject
{
    /// <summary>Whether it is a network or volume, which is created and removed with the services.</summary>
    public static bool IsIncidental(string subject) =>
        subject.StartsWith("network ", StringComparison.Ordinal) || subject.StartsWith("volume ", StringComparison.Ordinal);
}
