using InstanceKit.Lifecycle;
using Spectre.Console;

namespace Rendering.Progress;

/// <summary>Shows a <see cref="ProgressBoard"/> that is drawn anew in place, and takes it away at the end.</summary>
internal sealed class LiveProgress(Surface surface, TimeProvider time) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    public bool ShowsNotes => false;

    /// <inheritdoc />
    public async Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work)
    {
        var board = new ProgressBoard(instances, time.GetUtcNow());
        var traits = surface.Traits;
        Spectre.Console.Rendering.IRenderable Draw() => board.Render(time.GetUtcNow(), traits.Width, traits.Height);

        // A second Ctrl-C ends the process at once: even then the cursor must come back.
        void ShowCursor(object? sender, EventArgs e) => surface.Console.Cursor.Show(true);
        AppDomain.CurrentDomain.ProcessExit += ShowCursor;
        try
        {
            return await surface.Console.Live(Draw()).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(
                async live =>
                {
                    var working = work(new EventSink(e => board.Add(e, time.GetUtcNow())));
                    using var timer = new PeriodicTimer(Interval, time);
                    while (!working.IsCompleted)
                    {
                        live.UpdateTarget(Draw());
                        await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
                    }

                    return await working;
                });
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= ShowCursor;
        }
    }
}
