namespace Rendering;

/// <summary>Writes lines as they come, for a reader who may leave at any time.</summary>
internal static class LineStream
{
    /// <summary>Writes lines until there are no more, or nobody reads them any longer.</summary>
    /// <param name="lines">What comes.</param>
    /// <param name="format">Makes the text of one line, without its end.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="cancellation">Ends the stream.</param>
    public static async Task WriteAsync<T>(
        IAsyncEnumerable<T> lines, Func<T, string> format, TextWriter writer, CancellationToken cancellation)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (!TryWrite(writer, format(line)))
                return;
        }
    }

    private static bool TryWrite(TextWriter writer, string line)
    {
        try
        {
            writer.WriteLine(line);
            writer.Flush();
            return true;
        }
        catch (IOException)
        {
            // "| head" has seen enough and closed the pipe: that is the end, not a failure.
            return false;
        }
    }
}
