using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>Shows how far the work has come: a line for each service, app and other step, under a heading for each instance where there are several.</summary>
internal sealed class ProgressBoard
{
    private const int FramesPerSecond = 10;
    private const int Gap = 2;
    private const int NarrowestMessage = 8;
    private static readonly string[] s_frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, InstanceSteps> _instances = [];

    /// <summary>Creates the board.</summary>
    /// <param name="instances">The instances that are worked on.</param>
    /// <param name="now">When the work begins.</param>
    public ProgressBoard(IEnumerable<int> instances, DateTimeOffset now)
    {
        foreach (var instance in instances)
            _instances[instance] = new InstanceSteps(instance, now, []);
    }

    /// <summary>Takes in an event; may be called from any thread.</summary>
    public void Add(InstanceEvent happened, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_instances.TryGetValue(happened.Instance, out var progress))
                _instances[happened.Instance] = progress.After(happened, now);
        }
    }

    /// <summary>The board at a moment.</summary>
    /// <param name="now">The moment.</param>
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
                rows.Add(new BoardRow(Gap, instance.Outcome, $"instance {instance.Instance}", Summarize(instance), instance.Elapsed(now)));
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

        // Long names give way before the message does.
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
            : progress.Steps.Count == 0 ? "waiting for its turn" : done;
    }

    private static string Shorten(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
