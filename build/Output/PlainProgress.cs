using InstanceKit.Reconcile;

namespace Output;

/// <summary>Shows events as lines with the time of day, for a log file and for terminals that cannot write over lines.</summary>
/// <param name="showsAll">
/// Whether every event is shown; else only the start and end of each subject, without networks, volumes and what was ready before.
/// </param>
internal sealed class PlainProgress(TextWriter writer, TimeProvider time, bool showsAll) : IProgressView
{
    private const int ShownWaiting = 3;

    /// <summary>How long nothing is shown of an instance before a line says what it waits for.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<((bool, int) Instance, string Subject, InstanceEventKind Kind)> _shown = [];
    private readonly SortedDictionary<((bool, int) Instance, string Subject), string> _waiting = [];
    private readonly HashSet<((bool, int) Instance, string Subject)> _begun = [];
    private readonly Dictionary<(bool, int), DateTimeOffset> _lastLines = [];

    /// <inheritdoc />
    public bool ShowsNotes => true;

    /// <inheritdoc />
    public async Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work)
    {
        var working = work(new EventSink(Write));
        using var timer = new PeriodicTimer(Interval, time);
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
            WriteWaiting();
        }

        return await working;
    }

    private void Write(InstanceEvent happened)
    {
        lock (_gate)
        {
            if (happened.Kind == InstanceEventKind.Waiting)
                _waiting[(ProgressOrder.Of(happened), happened.Subject)] = happened.Message;
            else if (happened.Kind is InstanceEventKind.Done or InstanceEventKind.Ended)
                RemoveWaiting(happened);
            if (happened.Kind is InstanceEventKind.Step or InstanceEventKind.Waiting)
                _begun.Add((ProgressOrder.Of(happened), happened.Subject));
            if ((showsAll && happened.Kind != InstanceEventKind.Ended) || IsWorthALine(happened))
                WriteLine(ProgressOrder.Of(happened), Describe(happened));
        }
    }

    private void RemoveWaiting(InstanceEvent happened)
    {
        foreach (var key in _waiting.Keys.Where(k => k.Instance == ProgressOrder.Of(happened)
            && (happened.Kind == InstanceEventKind.Ended || k.Subject == happened.Subject)).ToList())
            _waiting.Remove(key);
    }

    private void WriteWaiting()
    {
        lock (_gate)
        {
            foreach (var group in _waiting.GroupBy(w => w.Key.Instance).Where(IsSilent).ToList())
            {
                var reasons = group.Select(w => $"{w.Key.Subject} ({w.Value})").ToList();
                var more = reasons.Count > ShownWaiting ? $" and {reasons.Count - ShownWaiting} more" : "";
                WriteLine(group.Key, $"waiting for {string.Join(", ", reasons.Take(ShownWaiting))}{more}");
            }
        }

        bool IsSilent(IGrouping<(bool, int), KeyValuePair<((bool, int) Instance, string Subject), string>> group) =>
            time.GetUtcNow() - _lastLines.GetValueOrDefault(group.Key) >= LongestSilence;
    }

    private void WriteLine((bool, int) instance, string text)
    {
        writer.WriteLine($"{time.GetLocalNow():HH:mm:ss} {ProgressOrder.NameOf(instance)}: {LogText.Piece(text)}");
        _lastLines[instance] = time.GetUtcNow();
    }

    private bool IsWorthALine(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        || (happened.Kind is not (InstanceEventKind.Ended or InstanceEventKind.Waiting) && !EventSubject.IsIncidental(happened.Subject)
            && _begun.Contains((ProgressOrder.Of(happened), happened.Subject))
            && !_shown.Contains((ProgressOrder.Of(happened), happened.Subject, InstanceEventKind.Done))
            && _shown.Add((ProgressOrder.Of(happened), happened.Subject, happened.Kind)));

    private static string Describe(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        ? $"note: {happened.Message}"
        : $"{happened.Subject}: {happened.Message}";
}

/// <summary>Writes each event as a JSON document on a line of standard output, as it happens.</summary>
/// <param name="writer">Standard output.</param>
/// <param name="command">The command that works.</param>
internal sealed class JsonProgress(TextWriter writer, TimeProvider time, string command) : IProgressView
{
    private readonly Lock _gate = new();

    /// <inheritdoc />
    public bool ShowsNotes => true;

    /// <inheritdoc />
    public Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work) =>
        work(new EventSink(Write));

    private void Write(InstanceEvent happened)
    {
        lock (_gate)
        {
            writer.WriteLine(JsonOutput.ToLine(EventDocument.Of(command, happened, time.GetUtcNow())));
            writer.Flush();
        }
    }
}

/// <summary>Hands events on at once, on the thread that reports them, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class EventSink(Action<InstanceEvent> take) : IProgress<InstanceEvent>
{
    /// <inheritdoc />
    public void Report(InstanceEvent value) => take(value);
}

/// <summary>Shows the progress of a command.</summary>
internal interface IProgressView
{
    /// <summary>Whether notes have already been shown when the command finishes, so that they need not be repeated.</summary>
    bool ShowsNotes { get; }

    /// <summary>Shows what the command reports until it finishes.</summary>
    /// <param name="instances">The instances that are worked on.</param>
    /// <param name="work">The command; it may report from any thread.</param>
    /// <returns>What the work returns.</returns>
    Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work);
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : IProgressView
{
    /// <inheritdoc />
    public bool ShowsNotes => false;

    /// <inheritdoc />
    public Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work) =>
        work(new EventSink(_ => { }));
}

/// <summary>What is known of the work on one instance.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Began">When the command started.</param>
/// <param name="Steps">Its steps, in start order.</param>
internal sealed record InstanceSteps(string Title, DateTimeOffset Began, IReadOnlyList<ProgressStep> Steps)
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

/// <summary>Tells instances apart, in the order in which they are shown: what they share comes first.</summary>
internal static class ProgressOrder
{
    /// <summary>What an event belongs to.</summary>
    public static (bool IsInstance, int Number) Of(InstanceEvent happened) => happened.IsShared ? (false, 0) : (true, happened.Instance);

    /// <summary>"instance 1", or "shared infrastructure".</summary>
    public static string NameOf((bool IsInstance, int Number) key) => key.IsInstance ? $"instance {key.Number}" : "shared infrastructure";
}

/// <summary>What events are about.</summary>
internal static class EventSubject
{
    /// <summary>
    /// Whether it is a network or volume, which is created and removed with the services, or the look at connections, of
    /// which a note reports what matters.
    /// </summary>
    public static bool IsIncidental(string subject) =>
        subject == "connections" || subject.StartsWith("network ", StringComparison.Ordinal) || subject.StartsWith("volume ", StringComparison.Ordinal);
}
