namespace Output;

/// <summary>Writes lines as they arrive, to a reader that may disconnect at any time.</summary>
internal static class LineStream
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Writes lines until the end, or until they are no longer read, as after "| head".</summary>
    /// <param name="format">Formats one line, without its line ending.</param>
    /// <returns>How many lines were written.</returns>
    public static async Task<int> WriteAsync<T>(
        IAsyncEnumerable<T> lines, Func<T, string> format, CommandOutput output, CancellationToken cancellation)
    {
        var writer = output.Data.Writer;
        var count = 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var look = output.Time.CreateTimer(_ => EndWhereAbandoned(), null, LookEvery, LookEvery);
        try
        {
            await foreach (var line in lines.WithCancellation(end.Token))
            {
                writer.WriteLine(format(line));
                writer.Flush();
                count++;
                if (output.IsAbandoned())
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && end.IsCancellationRequested)
        {
            // Nobody reads, and nothing came that could have been written.
        }

        return count;

        void EndWhereAbandoned()
        {
            if (output.IsAbandoned())
                end.Cancel();
        }
    }
}
