using InstanceKit.Lifecycle;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rendering.Progress;

/// <summary>Shows how far the work has come: a line for each instance, or, with one instance, for each of its steps.</summary>
internal sealed class ProgressBoard
{
    private const int FramesPerSecond = 10;
    private static readonly string[] Frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

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

    /// <summary>The board at a moment, for a surface of some columns and lines.</summary>
    public IRenderable Render(DateTimeOffset now, int width, int height)
    {
        List<InstanceSteps> instances;
        lock (_gate)
            instances = [.. _instances.Values];

        var rows = instances is [var only]
            ? only.Steps.Select(s => (
                s.IsDone ? Outcome.Done : (Outcome?)null, s.Subject, s.Message, s.Elapsed(now)))
            : instances.Select(i => (i.Outcome, $"instance {i.Instance}", Summarize(i), i.Elapsed(now)));
        return Tabulate([.. rows.TakeLast(height - 1)], width, now);
    }

    private static Grid Tabulate(
        List<(Outcome? End, string Subject, string Message, TimeSpan Elapsed)> rows, int width, DateTimeOffset now)
    {
        var times = rows.Select(r => DurationText.Elapsed(r.Elapsed)).ToList();
        var subjectWidth = rows.Select(r => r.Subject.Length).DefaultIfEmpty().Max();
        var timeWidth = times.Select(t => t.Length).DefaultIfEmpty().Max();
        var messageWidth = Math.Max(10, width - subjectWidth - timeWidth - 10);
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(1).Width(1));
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2).Width(subjectWidth));
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(0).Width(timeWidth).RightAligned());
        foreach (var (row, time) in rows.Zip(times))
        {
            grid.AddRow(
                Mark(row.End, now),
                new Text(row.Subject),
                new Text(Shorten(row.Message, messageWidth), row.End is null ? Style.Plain : Palette.Faint),
                new Text(time, Palette.Faint));
        }

        return grid;
    }

    private static Text Mark(Outcome? end, DateTimeOffset now) => end switch
    {
        null => new Text(FrameAt(now), Palette.Caution),
        Outcome.Failed => new Text("✘", Palette.Bad),
        Outcome.Interrupted => new Text("!", Palette.Caution),
        _ => new Text("✔", Palette.Good),
    };

    private static string Summarize(InstanceSteps progress)
    {
        if (progress.Outcome is { } outcome)
            return $"{progress.DoneCount} done; {outcome.ToString().ToLowerInvariant()}";
        var done = progress.DoneCount > 0 ? $"{progress.DoneCount} done; " : "";
        return progress.Current is { } step ? $"{done}{step.Subject}: {step.Message}" : "waiting for its turn";
    }

    private static string Shorten(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static string FrameAt(DateTimeOffset now) =>
        Frames[now.ToUnixTimeMilliseconds() * FramesPerSecond / 1000 % Frames.Length];
}
