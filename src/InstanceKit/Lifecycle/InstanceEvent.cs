namespace InstanceKit.Lifecycle;

/// <summary>What kind of thing happened.</summary>
public enum InstanceEventKind
{
    /// <summary>A step began, or goes on.</summary>
    Step,

    /// <summary>A service or app is not ready yet: the message says why.</summary>
    Waiting,

    /// <summary>A service or app became ready, or was removed.</summary>
    Done,

    /// <summary>The work on the instance ended: <see cref="InstanceEvent.Outcome"/> says how.</summary>
    Ended,

    /// <summary>Something a person should know, though the work goes on.</summary>
    Note,
}

/// <summary>Something that happened while a command worked on an instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">The service, app, file or step it is about.</param>
/// <param name="Message">What happened, as a phrase.</param>
/// <param name="Outcome">How the work ended; only with <see cref="InstanceEventKind.Ended"/>.</param>
public sealed record InstanceEvent(
    int Instance, InstanceEventKind Kind, string Subject, string Message, Outcome? Outcome = null);
