using Docker.DotNet.Models;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Logs;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.IntegrationTests.Logs;

public sealed class ContainerLogReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_streams_are_read_with_stamps_and_partial_last_lines()
    {
        await using var container = await TestContainer.RunAsync(
            "printf 'one\\r\\n\\ntwo é\\n'; printf 'bad' >&2; sleep 0.05; printf ' worse\\nopen' >&2");
        await container.WaitAsync();

        var lines = await container.Read(new LogQuery(), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["one", "", "two é"], lines.Where(l => !l.IsError).Select(l => l.Text));
        Assert.Equal(["bad worse", "open"], lines.Where(l => l.IsError).Select(l => l.Text));
        Assert.All(lines, l => Assert.Equal("postgres", l.Source));
        Assert.All(lines, l => Assert.InRange(l.Timestamp, DateTimeOffset.Now.AddMinutes(-5), DateTimeOffset.Now.AddSeconds(5)));
    }

    [Fact]
    public async Task A_terminals_lines_are_read()
    {
        await using var container = await TestContainer.RunAsync("printf 'one\\ntwo\\n'; printf 'three\\n' >&2", tty: true);
        await container.WaitAsync();

        var lines = await container.Read(new LogQuery(), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["one", "two", "three"], lines.Select(l => l.Text));
        Assert.DoesNotContain(lines, l => l.IsError);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_very_long_line_stays_one_line_without_inner_stamps(bool tty)
    {
        await using var container = await TestContainer.RunAsync(
            "head -c 100000 /dev/zero | tr '\\0' 'x'; echo; echo after", tty);
        await container.WaitAsync();

        var lines = await container.Read(new LogQuery(), Cancellation).ToListAsync(Cancellation);

        Assert.Equal([new string('x', 100_000), "after"], lines.Select(l => l.Text));
    }

    [Fact]
    public async Task The_last_lines_and_those_since_a_moment_are_read()
    {
        await using var container = await TestContainer.RunAsync("echo one; sleep 0.3; echo two; sleep 0.3; echo three");
        await container.WaitAsync();
        var all = await container.Read(new LogQuery(), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["two", "three"], await TextsAsync(container, new LogQuery { Tail = 2 }));
        Assert.Empty(await TextsAsync(container, new LogQuery { Tail = 0 }));
        Assert.Equal(["two", "three"], await TextsAsync(container, new LogQuery { Since = all[1].Timestamp }));
        Assert.Equal(["three"], await TextsAsync(container, new LogQuery { Since = all[1].Timestamp.AddMilliseconds(100) }));
    }

    [Fact]
    public async Task Following_ends_with_the_container()
    {
        await using var container = await TestContainer.RunAsync("echo one; trap 'echo bye; exit' TERM; while :; do sleep 0.05; done");
        await using var follow = new FollowedLines(container.Read(new LogQuery { Follow = true }, Cancellation));
        Assert.Equal("one", await follow.NextAsync());

        await container.Engine.Client.Containers.StopContainerAsync(
            container.Id, new ContainerStopParameters { WaitBeforeKillSeconds = 10 }, Cancellation);

        Assert.Equal("bye", await follow.NextAsync());
        await follow.EndAsync();
    }

    [Fact]
    public async Task Following_ends_when_the_container_is_removed()
    {
        await using var container = await TestContainer.RunAsync("echo one; sleep 600");
        await using var follow = new FollowedLines(container.Read(new LogQuery { Follow = true }, Cancellation));
        Assert.Equal("one", await follow.NextAsync());

        await container.KillAsync();

        await follow.EndAsync();
    }

    [Fact]
    public async Task Cancelling_detaches_at_once_and_leaves_the_container()
    {
        await using var container = await TestContainer.RunAsync("echo one; sleep 600");
        using var cancel = new CancellationTokenSource();
        await using var follow = new FollowedLines(container.Read(new LogQuery { Follow = true }, cancel.Token));
        Assert.Equal("one", await follow.NextAsync());
        var end = follow.EndAsync();

        await cancel.CancelAsync();
        await end;

        var state = await container.Engine.Client.Containers.InspectContainerAsync(container.Id, Cancellation);
        Assert.True(state.State!.Running);
    }

    [Fact]
    public async Task A_log_that_the_engine_does_not_keep_is_one_line_that_says_so()
    {
        await using var container = await TestContainer.RunAsync("echo one", logDriver: "none");
        await container.WaitAsync();

        var line = Assert.Single(await container.Read(new LogQuery(), Cancellation).ToListAsync(Cancellation));

        Assert.True(line.IsError);
        Assert.StartsWith("Could not read the log of postgres: ", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_container_has_no_lines()
    {
        var (engine, _) = await Requires.DockerAsync();
        using var disposed = engine;

        Assert.Empty(await new ContainerLogReader(engine.Client, "no-such-container", "x")
            .ReadAsync(new LogQuery { Follow = true }, Cancellation).ToListAsync(Cancellation));
    }

    private static async Task<List<string>> TextsAsync(TestContainer container, LogQuery query) =>
        [.. (await container.Read(query, Cancellation).ToListAsync(Cancellation)).Select(l => l.Text)];
}
