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
