using InstanceKit.Reconcile;

namespace Output;

/// <summary>Shows the progress: a line for each service, app and other step, under a heading for each of several instances.</summary>
internal sealed class ProgressBoard
{
    private const int FramesPerSecond = 10;
    private const int Gap = 2;
    private const int NarrowestMessage = 8;
    private static readonly string[] s_frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(bool, int), InstanceSteps> _instances = [];

    /// <summary>Creates the board.</summary>
    /// <param name="instances">The instances that are worked on.</param>
    /// <param name="now">The start time.</param>
    public ProgressBoard(IEnumerable<int> instances, DateTimeOffset now)
    {
        foreach (var instance in instances)
            _instances[(true, instance)] = new InstanceSteps(ProgressOrder.NameOf((true, instance)), now, []);
    }

    /// <summary>Takes in an event; may be called from any thread.</summary>
    public void Add(InstanceEvent happened, DateTimeOffset now)
    {
        lock (_gate)
        {
            var key = ProgressOrder.Of(happened);
            if (happened.IsShared)
                _instances.TryAdd(key, new InstanceSteps(ProgressOrder.NameOf(key), now, []));
            if (_instances.TryGetValue(key, out var progress))
                _instances[key] = progress.After(happened, now);
        }
    }

    /// <summary>The board at a moment.</summary>
    /// <param name="width">How many columns there are.</param>
    /// <param name="height">How many lines there are.</param>
    public IReadOnlyList<InkLine> Draw(DateTimeOffset now, int width, int height)
    {
        List<InstanceSteps> instances;
        lock (_gate)
            instances = [.. _instances.Values];

        var hasHeadings = instances.Count > 1;
        var (headings, steps, rest) = BoardChoice.Of(instances, hasHeadings, height);
        var rows = new List<BoardRow>();
        foreach (var instance in instances)
        {
            if (headings.Contains(instance))
                rows.Add(new BoardRow(Gap, instance.Outcome, instance.Title, Summarize(instance), instance.Elapsed(now)));
            var indent = hasHeadings ? Gap + Gap : Gap;
            rows.AddRange(instance.Steps.Where(steps.Contains).Select(
                s => new BoardRow(indent, s.IsDone ? Outcome.Done : instance.Outcome, s.Subject, s.Message, s.Elapsed(instance.Ended ?? now))));
        }

        var lines = Draw(rows, width, now);
        if (rest is not null)
            lines.Add(new InkLine().PadTo(Gap).Add(rest, Ink.Faint).Cut(width));
        return lines;
    }

    private static List<InkLine> Draw(List<BoardRow> rows, int width, DateTimeOffset now)
    {
        var times = rows.ConvertAll(r => DurationText.Elapsed(r.Elapsed));
        var subjectEnd = rows.Select(r => r.Indent + Gap + r.Subject.Length).DefaultIfEmpty().Max();
        var timeWidth = times.Select(t => t.Length).DefaultIfEmpty().Max();

        // Truncate long names before the message.
        var messageStart = Math.Min(subjectEnd + Gap, Math.Max(Gap, width - timeWidth - Gap - NarrowestMessage));
        var messageWidth = Math.Min(
            rows.Select(r => r.Message.Length).DefaultIfEmpty().Max(), Math.Max(NarrowestMessage, width - messageStart - timeWidth - Gap));
        return [.. rows.Zip(times, (row, time) =>
        {
            var (mark, ink) = Mark(row.End, now);
            var subject = new InkLine().PadTo(row.Indent).Add(mark, ink).Add($" {row.Subject}").Cut(messageStart - 1);
            return subject.PadTo(messageStart)
                .Add(Shorten(row.Message, messageWidth), row.End is null ? Ink.Plain : Ink.Faint)
                .PadTo(messageStart + messageWidth + Gap + timeWidth - time.Length).Add(time, Ink.Faint);
        })];
    }

    private static (string Mark, Ink Ink) Mark(Outcome? end, DateTimeOffset now) => end switch
    {
        null => (s_frames[now.ToUnixTimeMilliseconds() * FramesPerSecond / 1000 % s_frames.Length], Ink.Caution),
        Outcome.Failed => ("✘", Ink.Bad),
        Outcome.Interrupted => ("!", Ink.Caution),
        _ => ("✔", Ink.Good),
    };

    private static string Summarize(InstanceSteps progress)
    {
        var done = $"{progress.DoneCount} of {progress.Steps.Count} done";
        return progress.Outcome is { } outcome ? $"{outcome.ToString().ToLowerInvariant()}; {done}"
            : progress.Steps.Count == 0 ? "queued" : done;
    }

    private static string Shorten(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}

/// <summary>One row of a <see cref="ProgressBoard"/>: a step, or the heading of an instance.</summary>
/// <param name="Indent">Its indentation in columns.</param>
/// <param name="End">Its outcome; <see langword="null"/> while in progress.</param>
/// <param name="Subject">The service, app or instance.</param>
/// <param name="Message">Its current step, or why it is not done.</param>
/// <param name="Elapsed">The elapsed time.</param>
internal sealed record BoardRow(int Indent, Outcome? End, string Subject, string Message, TimeSpan Elapsed);

/// <summary>Selects the rows to show if there are more than fit in a terminal.</summary>
internal static class BoardChoice
{
    /// <summary>
    /// The headings and steps that fit, in their order: preferably those in progress, then the last finished ones. Omitted ones are
    /// counted in an extra row.
    /// </summary>
    /// <param name="hasHeadings">Whether each has a heading.</param>
    /// <param name="rows">How many rows there are.</param>
    public static (IReadOnlySet<InstanceSteps> Headings, IReadOnlySet<ProgressStep> Steps, string? LeftOut) Of(
        IReadOnlyList<InstanceSteps> instances, bool hasHeadings, int rows)
    {
        var headings = hasHeadings ? instances : [];
        var steps = instances.SelectMany(i => i.Steps).ToList();
        if (headings.Count + steps.Count <= rows)
            return (ToSet(headings), ToSet(steps), null);

        var room = rows - 1; // one is for the count
        var shownHeadings = ToSet(headings.OrderBy(i => i.Outcome is not null).Take(room));
        var shownSteps = ToSet(instances.Where(i => !hasHeadings || shownHeadings.Contains(i))
            .OrderBy(i => i.Outcome is not null)
            .SelectMany(i => i.Steps.Select(s => (i.Outcome, Step: s)))
            .OrderBy(s => s.Outcome is not null).ThenBy(s => s.Step.IsDone).ThenByDescending(s => s.Step.Changed)
            .Select(s => s.Step).Take(room - shownHeadings.Count));
        return (shownHeadings, shownSteps, Count(headings.Count - shownHeadings.Count, [.. steps.Where(s => !shownSteps.Contains(s))]));
    }

    private static string Count(int instances, IReadOnlyList<ProgressStep> steps)
    {
        var done = steps.Count(s => s.IsDone);
        var parts = new List<string>();
        if (instances > 0)
            parts.Add($"{instances} {(instances == 1 ? "instance" : "instances")}");
        if (done > 0)
            parts.Add($"{done} done");
        if (steps.Count > done)
            parts.Add($"{steps.Count - done} in progress");
        return $"… and {string.Join(", ", parts)}";
    }

    // Two steps of different instances may be equal as values.
    private static HashSet<T> ToSet<T>(IEnumerable<T> items) where T : class => new(items, ReferenceEqualityComparer.Instance);
}

/// <summary>Shows a <see cref="ProgressBoard"/> that is redrawn in place, and removes it at the end.</summary>
internal sealed class LiveProgress(Surface surface, TimeProvider time) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    public bool ShowsNotes => false;

    /// <inheritdoc />
    public async Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work)
    {
        var board = new ProgressBoard(instances, time.GetUtcNow());
        using var region = LiveRegion.Begin(surface.Writer, surface.Measure);
        try
        {
            var working = work(new EventSink(e => board.Add(e, time.GetUtcNow())));
            using var timer = new PeriodicTimer(Interval, time);
            while (!working.IsCompleted)
            {
                region.Draw((width, rows) => board.Draw(time.GetUtcNow(), width, rows));
                await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
            }

            return await working;
        }
        finally
        {
            region.Clear();
        }
    }
}
