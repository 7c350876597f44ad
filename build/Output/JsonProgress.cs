using InstanceKit.Reconcile;

namespace Output;

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
