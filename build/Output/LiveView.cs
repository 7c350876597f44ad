namespace Output;

/// <summary>Shows updates on an alternate screen, at the terminal's current size.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Draws the latest value until the end; the last one stays in the terminal.</summary>
    /// <param name="draw">Makes the lines of one.</param>
    /// <param name="surface">The terminal.</param>
    /// <param name="time">Paces it.</param>
    public static async Task ShowAsync<T>(
        IAsyncEnumerable<T> values, Func<SurfaceTraits, T, IEnumerable<InkLine>> draw, Surface surface, TimeProvider time,
        CancellationToken cancellation)
        where T : class
    {
        T? last = null;
        try
        {
            using var screen = LiveRegion.BeginScreen(surface.Writer, surface.Measure);
            await RepeatAsync(values, Draw, time, cancellation);

            void Draw(T value)
            {
                last = value;
                screen.Draw((width, rows) => Fit([.. draw(surface.Traits with { Width = width, Height = rows }, value)], rows));
            }
        }
        finally
        {
            if (last is not null)
                surface.Write(draw(surface.Traits with { Width = surface.Measure().Width }, last));
        }
    }

    /// <summary>Repeats each value until the next one arrives, because the terminal may be resized.</summary>
    private static async Task RepeatAsync<T>(
        IAsyncEnumerable<T> values, Action<T> take, TimeProvider time, CancellationToken cancellation)
        where T : class
    {
        T? last = null;
        using var timer = new PeriodicTimer(Interval, time);
        await using var next = values.GetAsyncEnumerator(cancellation);
        var moving = next.MoveNextAsync().AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (true)
        {
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

            if (last is not null)
                take(last);
        }
    }

    /// <summary>As many lines as there are rows; the last shows how many are omitted.</summary>
    public static IEnumerable<InkLine> Fit(IReadOnlyList<InkLine> lines, int rows) => lines.Count <= rows
        ? lines
        : [.. lines.Take(rows - 1), new InkLine(($"… {lines.Count - rows + 1} more lines", Ink.Faint))];
}
