namespace InstanceKit.Platform;

/// <summary>Limits concurrent starts; more would only slow each other down. The waiter with the highest weight is next.</summary>
/// <param name="turns">How many at once.</param>
internal sealed class StartQueue(int turns)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (int Weight, int Number)> _waiting = new();
    private int _free = turns;
    private int _number;

    /// <summary>Starts something that returns nothing when it is its turn.</summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(int weight, Func<Task> start, CancellationToken cancellation) => RunAsync(
        weight,
        async () =>
        {
            await start();
            return true;
        },
        cancellation);

    /// <summary>Starts something when it is its turn.</summary>
    /// <param name="weight">How much depends on it; among equals, the one that came first goes first.</param>
    /// <param name="start">Starts it.</param>
    /// <returns>What the start returns.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before it was its turn.</exception>
    public async Task<T> RunAsync<T>(int weight, Func<Task<T>> start, CancellationToken cancellation)
    {
        var turn = Enqueue(weight);
        await using (cancellation.Register(() => turn.TrySetCanceled(cancellation)))
            await turn.Task;
        try
        {
            return await start();
        }
        finally
        {
            Release();
        }
    }

    private TaskCompletionSource Enqueue(int weight)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                turn.SetResult();
            }
            else
            {
                _waiting.Enqueue(turn, (-weight, _number++));
            }
        }

        return turn;
    }

    private void Release()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var next, out _))
            {
                if (next.TrySetResult())
                    return; // else it has been cancelled meanwhile
            }

            _free++;
        }
    }
}
