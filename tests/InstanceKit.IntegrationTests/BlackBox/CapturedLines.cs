namespace BlackBox;

/// <summary>The lines that a program writes to one of its streams, as they come.</summary>
internal sealed class CapturedLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _change = NewSignal();
    private bool _hasEnded;

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>All of it so far, each line with its end.</summary>
    public string Text => string.Concat(Lines.Select(l => l + "\n"));

    /// <summary>Reads to the end of the stream.</summary>
    public async Task ReadAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Change(() => _lines.Add(line));
        Change(() => _hasEnded = true);
    }

    /// <summary>The first line that fits, be it written already or still to come.</summary>
    /// <param name="isWanted">Which line.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <returns>The line; <see langword="null"/> when the stream ended or the time ran out without it.</returns>
    public async Task<string?> FindAsync(Predicate<string> isWanted, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_lines.Find(isWanted) is { } line)
                    return line;
                if (_hasEnded || limit.IsCancellationRequested)
                    return null;
                change = _change.Task;
            }

            await change.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action action)
    {
        lock (_gate)
        {
            action();
            _change.SetResult();
            _change = NewSignal();
        }
    }
}
