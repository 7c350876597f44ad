using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Tells what happens to one instance, and collects what a person should know of it.</summary>
internal sealed class InstanceProgress(int instance, IProgress<InstanceEvent> target)
{
    private readonly List<string> _notes = [];

    private readonly Dictionary<string, string> _reasons = [];

    private readonly List<FileDiff> _diffs = [];

    private readonly HashSet<string> _once = [];

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How edited files differ from what would be written.</summary>
    public IReadOnlyList<FileDiff> Diffs => _diffs;

    public void Differs(FileDiff diff) => _diffs.Add(diff);

    public void Step(string subject, string message) =>
        target.Report(new InstanceEvent(instance, InstanceEventKind.Step, subject, message));

    /// <summary>Tells why something is not ready, once for each reason in a row.</summary>
    public void Waiting(string subject, string reason)
    {
        if (!_reasons.TryGetValue(subject, out var last) || last != reason)
            target.Report(new InstanceEvent(instance, InstanceEventKind.Waiting, subject, reason));
        _reasons[subject] = reason;
    }

    public void Done(string subject, string message) =>
        target.Report(new InstanceEvent(instance, InstanceEventKind.Done, subject, message));

    public void Ended(Outcome outcome) => target.Report(new InstanceEvent(
        instance, InstanceEventKind.Ended, "instance", outcome.ToString().ToLowerInvariant(), outcome));

    /// <summary>Notes what several commands may report.</summary>
    public void NoteOnce(string subject, string message)
    {
        lock (_once)
        {
            if (!_once.Add(message))
                return;
        }

        Note(subject, message);
    }

    public void Note(string subject, string message)
    {
        _notes.Add(message);
        target.Report(new InstanceEvent(instance, InstanceEventKind.Note, subject, message));
    }
}

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
