using System.Text;
using InstanceKit.Engine;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Engine;

/// <summary>An engine that is not there, accepts and never answers, closes, or sends garbage.</summary>
public sealed class SilentEngineTests
{
    private const string Ok = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n";

    private static readonly string Listed = """
        [{"Id":"c1","Names":["/p-redis-1"],"State":"created","Labels":{"com.docker.compose.project":"p","com.docker.compose.service":"redis"}}]
        """;

    private readonly FakeClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task An_answer_is_read_in_whatever_parts_it_comes(int atATime)
    {
        using var server = new FakeServer(FakeServer.Saying(Ok + Listed, atATime));
        using var engine = new EngineClient(server.Endpoint, _clock);

        var container = Assert.Single(await engine.ListStartingAsync("p", Token));

        Assert.Equal(("c1", "redis", ContainerState.Created), (container.Id, container.Service, container.State));
        Assert.StartsWith("GET /containers/json?all=1&filters=", Assert.Single(server.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_to_be_started()
    {
        var path = Path.Combine(Path.GetTempPath(), $"ik-none-{Guid.NewGuid():N}.sock");

        var error = await FailsAsync<InstanceKitException>(FakeServer.EndpointOf(path));

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Equal($"The Docker engine at unix://{path} does not answer: the socket does not exist.", error.Message);
        Assert.StartsWith("Start Docker", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "does not answer: it closed the connection without a response")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "is not a Docker engine, or its response is invalid: it does not speak HTTP")]
    [InlineData("HTTP/1.0 200 OK\r\nServer: x\r\n", "is not a Docker engine, or its response is invalid: it does not speak HTTP")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n<html>", "is not a Docker engine, or its response is invalid")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"c1\",", "is not a Docker engine, or its response is invalid")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n{}", "is not a Docker engine, or its response is invalid")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n[null]", "is not a Docker engine, or its response is invalid")]
    [InlineData("HTTP/1.0 500 Oops\r\n\r\n{\"message\":\"no space left\"}", "does not answer: no space left (500)")]
    [InlineData("HTTP/1.0 404 Not Found\r\n\r\n", "is not a Docker engine, or its response is invalid")]
    public async Task What_is_no_answer_is_told(string answer, string complaint)
    {
        using var server = new FakeServer(FakeServer.Saying(answer));

        var error = await FailsAsync<NoAnswerException>(server.Endpoint);

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_broken_off()
    {
        var part = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
        using var server = new FakeServer(async (_, stream, end) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), end);
            while (true)
                await stream.WriteAsync(part, end);
        });

        Assert.Contains("longer than 64 MiB", (await FailsAsync<NoAnswerException>(server.Endpoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_engine_is_given_up_when_it_does_not_answer_a_ping_either()
    {
        using var server = new FakeServer(FakeServer.SilentAsync);
        server.OnAsked = () => _clock.Advance(TimeSpan.FromSeconds(10));

        var error = await FailsAsync<NoAnswerException>(server.Endpoint);

        Assert.Equal($"The Docker engine at {server.Endpoint} does not answer: no complete response within 10 s.", error.Message);
        Assert.Equal("GET /_ping HTTP/1.0", server.Questions[^1]);
    }

    [Fact]
    public async Task A_slow_engine_that_answers_pings_gets_a_minute()
    {
        var begin = _clock.GetUtcNow();
        using var server = new FakeServer((question, stream, end) => question.Contains("_ping", StringComparison.Ordinal)
            ? FakeServer.Saying("HTTP/1.0 200 OK\r\n\r\nOK")(question, stream, end)
            : FakeServer.SilentAsync(question, stream, end));
        _clock.OnWait = time =>
        {
            if (time == TimeSpan.FromSeconds(5))
                ThreadPool.QueueUserWorkItem(_ => _clock.Advance(time));
        };

        var error = await FailsAsync<NoAnswerException>(server.Endpoint);

        Assert.Contains("no complete response within 60 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(60), _clock.GetUtcNow() - begin);
        Assert.InRange(server.Questions.Count(q => q.Contains("_ping", StringComparison.Ordinal)), 10, 12);
    }

    [Fact]
    public async Task A_slow_answer_of_an_engine_that_answers_pings_counts()
    {
        var pinged = new TaskCompletionSource();
        using var server = new FakeServer(async (question, stream, end) =>
        {
            if (question.Contains("_ping", StringComparison.Ordinal))
            {
                await FakeServer.Saying("HTTP/1.0 200 OK\r\n\r\nOK")(question, stream, end);
                pinged.TrySetResult();
                return;
            }

            _clock.Advance(TimeSpan.FromSeconds(5));
            await pinged.Task;
            await FakeServer.Saying(Ok + Listed)(question, stream, end);
        });
        using var engine = new EngineClient(server.Endpoint, _clock);

        Assert.Single(await engine.ListStartingAsync("p", Token));
    }

    [Fact]
    public async Task A_ping_to_something_else_is_no_engine()
    {
        using var server = new FakeServer(FakeServer.Saying("HTTP/1.0 200 OK\r\n\r\nPONG"));
        using var engine = new EngineClient(server.Endpoint, _clock);

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => engine.RequireEngineAsync(Token));

        Assert.Contains("its response to a ping is not OK", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silent_engine_can_be_interrupted(bool isPing)
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var server = new FakeServer(FakeServer.SilentAsync);
        server.OnAsked = user.Cancel;
        using var engine = new EngineClient(server.Endpoint, _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => isPing ? engine.RequireEngineAsync(user.Token) : engine.ListStartingAsync("p", user.Token));
    }

    [Fact]
    public async Task Events_that_close_are_listened_to_again()
    {
        var isAgain = new TaskCompletionSource();
        var isHeard = new TaskCompletionSource();
        var count = 0;
        using var server = new FakeServer(async (question, stream, end) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), end);
            if (Interlocked.Increment(ref count) == 1)
                return;
            isAgain.SetResult();
            await isHeard.Task.WaitAsync(end);
            await stream.WriteAsync("{\"Action\":\"die\"}\n"u8.ToArray(), end);
            await FakeServer.SilentAsync(question, stream, end);
        });
        using var events = new EngineEvents(server.Endpoint, "l=p");

        await isAgain.Task;
        while (events.Count is not > 1)
            await events.WaitAsync(TimeSpan.FromSeconds(1), Token);
        var before = events.Count;
        isHeard.SetResult();
        while (events.Count == before)
            Assert.True(await events.WaitAsync(TimeSpan.FromSeconds(20), Token));

        Assert.Equal(before + 1, events.Count);
    }

    private async Task<T> FailsAsync<T>(EngineEndpoint endpoint)
        where T : InstanceKitException
    {
        using var engine = new EngineClient(endpoint, _clock);
        return await Assert.ThrowsAsync<T>(() => engine.ListStartingAsync("p", Token));
    }
}
