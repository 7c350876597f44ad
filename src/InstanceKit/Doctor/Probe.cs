namespace InstanceKit.Doctor;

/// <summary>Runs one query, concurrently with others and with a time limit.</summary>
internal static class Probe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The reason when there is no answer in time; the program may still be installed.</summary>
    public static readonly string TimedOut = $"did not answer within {Limit.TotalSeconds:0} s";

    /// <summary>The answer, or its replacement when there is none.</summary>
    /// <param name="otherwise">Makes the answer from the reason why there is none.</param>
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
