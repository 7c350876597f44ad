using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>A start that is cancelled, or meets a defect, at each of its steps.</summary>
public sealed class StartSequenceStepsTests
{
    private readonly FakeStart _start = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StartStep.StartServices)]
    [InlineData(StartStep.Observe)]
    [InlineData(StartStep.Answers)]
    [InlineData(StartStep.StartApps)]
    [InlineData(StartStep.Tail)]
    [InlineData(StartStep.Explain)]
    [InlineData(StartStep.Pause)]
    public async Task Cancellation_at_any_step_ends_it_and_stops_what_it_has_begun(StartStep step)
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Arrange(step);
        var (begun, ended) = (0, 0);
        _start.At = async (at, c) =>
        {
            var isBackground = at is StartStep.StartServices or StartStep.StartApps;
            if (at != step && !(isBackground && IsLast(at)))
                return;
            begun++;
            if (at == step)
                await user.CancelAsync();
            try
            {
                await Task.Delay(Timeout.Infinite, c);
            }
            finally
            {
                ended++;
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _start.RunAsync(user.Token));

        Assert.True(begun > 0 && begun == ended, $"{begun} begun, {ended} ended");
    }

    [Theory]
    [InlineData(StartStep.StartServices)]
    [InlineData(StartStep.Observe)]
    [InlineData(StartStep.Answers)]
    [InlineData(StartStep.StartApps)]
    [InlineData(StartStep.Tail)]
    [InlineData(StartStep.Explain)]
    [InlineData(StartStep.Pause)]
    public async Task An_unexpected_exception_at_any_step_is_passed_on_and_stops_what_has_begun(StartStep step)
    {
        Arrange(step);
        var (begun, ended) = (0, 0);
        _start.Clock.OnWait = time => ThreadPool.QueueUserWorkItem(_ => _start.Clock.Advance(time)); // what PM2 is given
        _start.At = async (at, c) =>
        {
            if (at == step)
                throw new InvalidOperationException($"a defect in {step}");
            if (!IsLast(at))
                return;
            begun++;
            try
            {
                await Task.Delay(Timeout.Infinite, c);
            }
            finally
            {
                ended++;
            }
        };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _start.RunAsync(Token));

        Assert.Equal($"a defect in {step}", error.Message);
        Assert.Equal(begun, ended);
    }

    /// <summary>A world in which the step is taken, while a start of a service goes on.</summary>
    private void Arrange(StartStep step)
    {
        (_start.Services, _start.Apps) = ([FakeStart.Service("postgres"), FakeStart.Service("temporal", "postgres")], [FakeStart.App("backend", new AppNeed("postgres", 5533))]);
        _start.Then(() => _start.Set("postgres", health: ContainerHealth.Healthy));
        if (step is StartStep.Tail)
            _start.Then(() => _start.Set("temporal", ContainerState.Exited, exitCode: 2));
        if (step is StartStep.Explain)
            _start.Compose = services => new ProcessResult(services.Contains("postgres") ? 1 : 0, "", "no");
    }

    /// <summary>Whether a step is the start of the last service, which goes on until it is stopped.</summary>
    private bool IsLast(StartStep at) => at is StartStep.StartServices && _start.Log[^1].Contains("temporal", StringComparison.Ordinal);
}
