using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>Shows events as lines with the time of day, for a log file and for terminals that cannot write over lines.</summary>
/// <param name="showsAll">
/// Whether every event is shown; else only the start and end of each subject, without networks and volumes.
/// </param>
internal sealed class PlainProgress(TextWriter writer, TimeProvider time, bool showsAll) : IProgressView
{
    private readonly Lock _gate = new();
    private readonly HashSet<(int Instance, string Subject, InstanceEventKind Kind)> _shown = [];

    /// <inheritdoc />
    public bool ShowsNotes => true;

    /// <inheritdoc />
    public Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work) =>
        work(new EventSink(Write));

    private void Write(InstanceEvent happened)
    {
        lock (_gate)
        {
            if ((showsAll && happened.Kind != InstanceEventKind.Ended) || IsWorthALine(happened))
                writer.WriteLine($"{time.GetLocalNow():HH:mm:ss} instance {happened.Instance}: {LogText.Piece(Describe(happened))}");
        }
    }

    private bool IsWorthALine(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        || (happened.Kind is not (InstanceEventKind.Ended or InstanceEventKind.Waiting) && !EventSubject.IsIncidental(happened.Subject)
            && !_shown.Contains((happened.Instance, happened.Subject, InstanceEventKind.Done))
            && _shown.Add((happened.Instance, happened.Subject, happened.Kind)));

    private static string Describe(InstanceEvent happened) => happened.Kind == InstanceEventKind.Note
        ? $"note: {happened.Message}"
        : $"{happened.Subject}: {happened.Message}";
}
