using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>Hands events on at once, on the thread that reports them, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class EventSink(Action<InstanceEvent> take) : IProgress<InstanceEvent>
{
    /// <inheritdoc />
    public void Report(InstanceEvent value) => take(value);
}
