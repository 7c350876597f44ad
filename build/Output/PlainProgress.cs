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
    private readonly HashSet<(int Instance, string Subject, InstanceEventKind Kind)> _shown = [];
    private readonly SortedDictionary<(int Instance, string Subject), string> _waiting = [];
    private readonly HashSet<(int Instance, string Subject)> _begun = [];
    private readonly Dictionary<int, DateTimeOffset> _lastLines = [];

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
                _waiting[(happened.Instance, happened.Subject)] = happened.Message;
            else if (happened.Kind is InstanceEventKind.Done or InstanceEventKind.Ended)
                RemoveWaiting(happened);
            if (happened.Kind is InstanceEventKind.Step or InstanceEventKind.Waiting)
                _begun.Add((happened.Instance, happened.Subject));
            if ((showsAll && happened.Kind != InstanceEventKind.Ended) || IsWorthALine(happened))
                WriteLine(happened.Instance, Describe(happened));
        }
    }

    private void RemoveWaiting(InstanceEvent happened)
    {
        foreach (var key in _waiting.Keys.Where(k => k.Instance == happened.Instance
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

        bool IsSilent(IGrouping<int, KeyValuePair<(int Instance, string Subject), string>> group) =>
            time.GetUtcNow() - _lastLines.GetValueOrDefault(group.Key) >= LongestSilence;
    }

    private void WriteLine(int instance, string text)
    {
        writer.WriteLine($"{time.GetLocalNow():HH:mm:ss} instance {instance}: {LogText.Piece(text)}");
        _lastLines[instance] = time.GetUtcNow();
    }

    private bool IsWorthALine(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        || (happened.Kind is not (InstanceEventKind.Ended or InstanceEventKind.Waiting) && !EventSubject.IsIncidental(happened.Subject)
            && _begun.Contains((happened.Instance, happened.Subject))
            && !_shown.Contains((happened.Instance, happened.Subject, InstanceEventKind.Done))
            && _shown.Add((happened.Instance, happened.Subject, happened.Kind)));

    private static string Describe(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        ? $"note: {happened.Message}"
        : $"{happened.Subject}: {happened.Message}";
}
