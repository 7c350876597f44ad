namespace InstanceKit.Reconcile;

/// <summary>Reports the events of one instance, and collects its notes and diffs.</summary>
/// <param name="isShared">Whether it is the infrastructure that instances share.</param>
internal sealed class InstanceProgress(int instance, IProgress<InstanceEvent> target, bool isShared = false)
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
        Report(InstanceEventKind.Step, subject, message);

    /// <summary>Reports why something is not ready, without repeating the same reason.</summary>
    public void Waiting(string subject, string reason)
    {
        lock (_reasons)
        {
            if (_reasons.TryGetValue(subject, out var last) && last == reason)
                return;
            _reasons[subject] = reason;
        }

        Report(InstanceEventKind.Waiting, subject, reason);
    }

    public void Done(string subject, string message) =>
        Report(InstanceEventKind.Done, subject, message);

    public void Ended(Outcome outcome) => Report(InstanceEventKind.Ended, "instance", outcome.ToString().ToLowerInvariant(), outcome);

    /// <summary>Adds a note that several commands may report.</summary>
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
        lock (_notes)
            _notes.Add(message);
        Report(InstanceEventKind.Note, subject, message);
    }

    /// <summary>Shows an event of something else that the instance waits for, under the other's name.</summary>
    public void Pass(InstanceEvent happened) => target.Report(happened);

    private void Report(InstanceEventKind kind, string subject, string message, Outcome? outcome = null) =>
        target.Report(new InstanceEvent(instance, kind, subject, message, outcome) { IsShared = isShared });
}

/// <summary>The kind of an event.</summary>
public enum InstanceEventKind
{
    /// <summary>A step started, or is in progress.</summary>
    Step,

    /// <summary>A service or app is not ready yet; the message is the reason.</summary>
    Waiting,

    /// <summary>A service or app became ready, or was removed.</summary>
    Done,

    /// <summary>The command finished; see <see cref="InstanceEvent.Outcome"/>.</summary>
    Ended,

    /// <summary>Something the user should know; the command continues.</summary>
    Note,
}

/// <summary>An event of a command on one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Kind">The kind of the event.</param>
/// <param name="Subject">The service, app, file or step it is about.</param>
/// <param name="Message">What happened, as a phrase.</param>
/// <param name="Outcome">The outcome; only with <see cref="InstanceEventKind.Ended"/>.</param>
public sealed record InstanceEvent(
    int Instance, InstanceEventKind Kind, string Subject, string Message, Outcome? Outcome = null)
{
    /// <summary>Whether it is about the infrastructure that instances share.</summary>
    public bool IsShared { get; init; }
}

/// <summary>The outcome of a command on one instance.</summary>
public enum Outcome
{
    /// <summary>The changes were made.</summary>
    Done,

    /// <summary>Nothing had to be changed.</summary>
    Unchanged,

    /// <summary>The changes were only planned (<c>--dry-run</c>).</summary>
    Planned,

    /// <summary>It failed; see the error.</summary>
    Failed,

    /// <summary>It was interrupted; what was running keeps running.</summary>
    Interrupted,
}
