using System.Collections.Concurrent;
using InstanceKit.Engine;
using InstanceKit.Platform;

namespace InstanceKit.Observing;

/// <summary>
/// Runs health checks on demand. The engine runs its first one only after a whole interval, often 30 s, but each costs
/// a process in the container, ten times the cost of the check itself: they are run no more often than useful.
/// </summary>
/// <param name="check">Runs the check of a container once.</param>
/// <param name="ask">Asks the container's published port instead, where that is the same.</param>
internal sealed class HealthCheckRunner(
    Func<ObservedContainer, CancellationToken, Task<bool>> check, TimeProvider clock, Func<ObservedContainer, CancellationToken, Task<PortAnswer>>? ask = null)
    : IDisposable
{
    // A check that failed is run again after this long, and not before three times as long as it took.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private const int PauseFactor = 3;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    // One whose published ports do not answer is not ready by any check; this is for one whose check knows better.
    private static readonly TimeSpan PortTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Task<Verdict>> _tests = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly CancellationTokenSource _end = new();

    /// <summary>Cancels the running checks, and waits briefly until each has exited in its container.</summary>
    public void Dispose()
    {
        _end.Cancel();
        Task.WhenAny(Task.WhenAll(_running.Keys), Task.Delay(EndTimeout)).GetAwaiter().GetResult();
        _turns.Dispose();
    }

    /// <summary>Whether a container's health is not known yet.</summary>
    public static bool IsDue(ObservedContainer container) =>
        container is { State: ContainerState.Running, Health: ContainerHealth.Starting, PassesHealthTest: false };

    /// <summary>Checks a container whose health is not known yet, once, and waits for it.</summary>
    public async Task<ObservedContainer> CompleteAsync(ObservedContainer container, CancellationToken cancellation) =>
        IsDue(container) && await InTurnAsync(container, cancellation) ? container with { PassesHealthTest = true } : container;

    /// <summary>Returns the results of finished checks, and starts those that are due without waiting for them.</summary>
    public IReadOnlyList<ObservedContainer> Advance(IReadOnlyList<ObservedContainer> containers, CancellationToken cancellation) =>
        containers.Any(IsDue)
            ? [.. containers.Select(c => IsDue(c) && Advance(c, cancellation) ? c with { PassesHealthTest = true } : c)]
            : containers;

    /// <summary>Completes when one of the checks that are running does, or immediately if none is.</summary>
    public Task NextEnd() => Task.WhenAny(_tests.Values.Where(t => !t.IsCompleted).Cast<Task>().DefaultIfEmpty(Task.CompletedTask));

    private bool Advance(ObservedContainer container, CancellationToken cancellation)
    {
        var key = $"{container.Id} {container.StartedAt:O}";
        if (_tests.TryGetValue(key, out var test))
        {
            if (!test.IsCompleted)
                return false;
            if (test.IsCompletedSuccessfully && (test.Result.Passed || clock.GetElapsedTime(test.Result.At) < test.Result.Pause))
                return test.Result.Passed;
        }

        _tests[key] = TestAsync(container, cancellation);
        return false;
    }

    private async Task<Verdict> TestAsync(ObservedContainer container, CancellationToken cancellation)
    {
        var isYoung = container.StartedAt is { } start && clock.GetUtcNow() - start < PortTimeout;
        var answer = await AskAsync(container, cancellation);
        if (answer == PortAnswer.Passed)
            return new Verdict(true, clock.GetTimestamp(), Pause);
        if (isYoung && (answer == PortAnswer.NotYet || (container.Published.Count > 0 && !await AnswersAsync(container, cancellation))))
            return new Verdict(false, clock.GetTimestamp(), Pause);
        await _turns.WaitAsync(cancellation);
        try
        {
            var begun = clock.GetTimestamp();
            var passed = await RunAsync(container, cancellation);
            var took = clock.GetElapsedTime(begun);
            return new Verdict(passed, clock.GetTimestamp(), took * PauseFactor > Pause ? took * PauseFactor : Pause);
        }
        finally
        {
            _turns.Release();
        }
    }

    private Task<PortAnswer> AskAsync(ObservedContainer container, CancellationToken cancellation) =>
        ask is null ? Task.FromResult(PortAnswer.Unclear) : ask(container, cancellation);

    private static async Task<bool> AnswersAsync(ObservedContainer container, CancellationToken cancellation)
    {
        foreach (var port in container.Published)
        {
            if (await PortProbe.AnswersAsync(port, cancellation))
                return true;
        }

        return false;
    }

    private async Task<bool> InTurnAsync(ObservedContainer container, CancellationToken cancellation)
    {
        if (await AskAsync(container, cancellation) == PortAnswer.Passed)
            return true;
        await _turns.WaitAsync(cancellation);
        try
        {
            return await RunAsync(container, cancellation);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<bool> RunAsync(ObservedContainer container, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        var running = check(container, limit.Token);
        _running[running] = true;
        try
        {
            return await running;
        }
        finally
        {
            _running.TryRemove(running, out _);
        }
    }

    /// <summary>What came of a check.</summary>
    /// <param name="Passed">Whether it passed.</param>
    /// <param name="At">When it finished, as a timestamp of the clock.</param>
    /// <param name="Pause">How long until it may run again.</param>
    private sealed record Verdict(bool Passed, long At, TimeSpan Pause);
}
