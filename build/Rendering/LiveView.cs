namespace Rendering;

/// <summary>Shows what comes again and again in place, at the terminal's present size.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Draws the last of the values until they end; what is drawn then stays.</summary>
    /// <param name="values">The values.</param>
    /// <param name="draw">Makes the lines of one.</param>
    /// <param name="surface">The terminal.</param>
    /// <param name="time">Paces it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ShowAsync<T>(
        IAsyncEnumerable<T> values, Func<SurfaceTraits, T, IEnumerable<InkLine>> draw, Surface surface, TimeProvider time,
        CancellationToken cancellation)
        where T : class
    {
        T? last = null;
        using var region = LiveRegion.Begin(surface.Writer, surface.Measure);
        using var timer = new PeriodicTimer(Interval, time);
        await using var next = values.GetAsyncEnumerator(cancellation);
        var moving = next.MoveNextAsync().AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (true)
        {
            // A terminal that was resized is drawn anew at the next tick.
            await Task.WhenAny(moving, tick);
            if (tick.IsCompleted)
                tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            if (moving.IsCompleted)
            {
                if (!await moving)
                    return;
                last = next.Current;
                moving = next.MoveNextAsync().AsTask();
            }

            if (last is { } value)
                region.Draw((width, rows) => Fit([.. draw(surface.Traits with { Width = width, Height = rows }, value)], rows));
        }
    }

    /// <summary>As many lines as there are rows; the last tells how many are not shown.</summary>
    public static IEnumerable<InkLine> Fit(IReadOnlyList<InkLine> lines, int rows) => lines.Count <= rows
        ? lines
        : [.. lines.Take(rows - 1), new InkLine(($"… {lines.Count - rows + 1} more lines", Ink.Faint))];
}
