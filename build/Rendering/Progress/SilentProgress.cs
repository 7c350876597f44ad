using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : IProgressView
{
    /// <inheritdoc />
    public bool ShowsNotes => false;

    /// <inheritdoc />
    public Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work) =>
        work(new EventSink(_ => { }));
}
