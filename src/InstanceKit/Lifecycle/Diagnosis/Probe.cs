namespace InstanceKit.Lifecycle;

/// <summary>Asks one thing of the machine: beside the other questions, and not for ever.</summary>
internal static class Probe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The reason where there is no answer in time, which says nothing about whether the thing is there.</summary>
    public static readonly string TimedOut = $"did not answer within {Limit.TotalSeconds:0} s";

    /// <summary>The answer, or what stands for it when there is none.</summary>
    /// <param name="question">The question.</param>
    /// <param name="otherwise">Makes the answer from the reason why there is none.</param>
    /// <param name="cancellation">Ends the whole command.</param>
    public static async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> question, Func<string, T> otherwise, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return await Task.Run(() => question(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (InstanceKitException e)
        {
            return otherwise(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return otherwise(e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return otherwise(TimedOut);
        }
    }
}
