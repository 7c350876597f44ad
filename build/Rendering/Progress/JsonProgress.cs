using InstanceKit.Lifecycle;
using Rendering.Json;

namespace Rendering.Progress;

/// <summary>Writes each event as a JSON document on a line of standard output, as it happens.</summary>
/// <param name="writer">Standard output.</param>
/// <param name="time">Tells the time.</param>
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

/// <summary>Shows what happens while a command works.</summary>
internal interface IProgressView
{
    /// <summary>Whether notes have been shown when the work ends, so that they need not be repeated.</summary>
    bool ShowsNotes { get; }

    /// <summary>Shows what the work reports until it ends.</summary>
    /// <param name="instances">The instances that are worked on.</param>
    /// <param name="work">The work; it reports to what it is given, from any thread.</param>
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
