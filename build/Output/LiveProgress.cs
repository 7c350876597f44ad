using InstanceKit.Reconcile;

namespace Output;

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
