using InstanceKit.Reconcile;
using InstanceKit.Tests;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class ProgressTests
{
    private static readonly InstanceEvent[] Events =
    [
        new(1, InstanceEventKind.Step, "check", "querying Compose, the engine and PM2"),
        new(1, InstanceEventKind.Done, "check", "up to date"),
        new(1, InstanceEventKind.Step, "network default", "creating"),
        new(1, InstanceEventKind.Step, "postgres", "creating"),
        new(1, InstanceEventKind.Step, "postgres", "started"),
        new(1, InstanceEventKind.Note, "compose", "The network 'shared' is external."),
        new(1, InstanceEventKind.Done, "postgres", "healthy"),
        new(1, InstanceEventKind.Step, "postgres", "started"),
        new(1, InstanceEventKind.Waiting, "redis", "health check has not passed yet"),
        new(1, InstanceEventKind.Step, "backend", "starting " + new string('.', 100)),
    ];

    [Fact]
    public void With_one_instance_every_step_has_a_line()
    {
        var board = new ProgressBoard([1], Specimens.Now);
        Play(board);

        Snapshot.Verify(Draw(board), "txt");
    }

    [Fact]
    public void With_several_instances_each_has_a_line()
    {
        var board = new ProgressBoard([1, 2], Specimens.Now);
        Play(board);

        Snapshot.Verify(Draw(board), "txt");
    }

    [Theory]
    [InlineData(Outcome.Done, "✔")]
    [InlineData(Outcome.Unchanged, "✔")]
    [InlineData(Outcome.Failed, "✘")]
    [InlineData(Outcome.Interrupted, "!")]
    public void An_instance_that_ended_says_how_while_others_go_on(Outcome outcome, string mark)
    {
        var board = new ProgressBoard([1, 2], Specimens.Now);
        Play(board);
        board.Add(new InstanceEvent(1, InstanceEventKind.Ended, "instance", "", outcome), Specimens.Now);

        Assert.Contains($"{mark} instance 1", Draw(board), StringComparison.Ordinal);
        Assert.DoesNotContain($"{mark} instance 2", Draw(board), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_begins_again_is_not_ended()
    {
        var board = new ProgressBoard([1, 2], Specimens.Now);
        board.Add(new InstanceEvent(1, InstanceEventKind.Ended, "instance", "", Outcome.Done), Specimens.Now);
        Play(board);

        Assert.DoesNotContain("✔ instance 1", Draw(board), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 80, 40)]
    [InlineData(1, 80, 10)]
    [InlineData(1, 40, 3)]
    [InlineData(4, 80, 12)]
    [InlineData(9, 60, 5)]
    [InlineData(2, 30, 1)]
    public void A_board_fits_its_terminal(int instances, int width, int height)
    {
        var board = new ProgressBoard(Enumerable.Range(1, instances), Specimens.Now);
        for (var i = 1; i <= instances; i++)
        for (var j = 0; j < 60; j++)
            board.Add(new InstanceEvent(i, j % 3 == 0 ? InstanceEventKind.Done : InstanceEventKind.Step, $"service-{j}", "creating"), Specimens.Now);

        var lines = board.Draw(Specimens.Now, width, height);

        Assert.Equal(height, lines.Count);
        Assert.All(lines, line => Assert.True(line.Width <= width, line.ToString()));
    }

    [Fact]
    public void What_moves_is_shown_and_the_rest_is_counted()
    {
        var board = new ProgressBoard([1, 2, 3], Specimens.Now);
        Play(board);
        for (var i = 0; i < 5; i++)
            board.Add(new InstanceEvent(2, InstanceEventKind.Done, $"ready-{i}", "healthy"), Specimens.Now);
        board.Add(new InstanceEvent(2, InstanceEventKind.Step, "late", "creating"), Specimens.Now.AddSeconds(19));
        board.Add(new InstanceEvent(3, InstanceEventKind.Step, "files", "writing"), Specimens.Now);
        board.Add(new InstanceEvent(3, InstanceEventKind.Ended, "instance", "", Outcome.Done), Specimens.Now.AddSeconds(3));

        Snapshot.Verify(Text(board.Draw(Specimens.Now.AddSeconds(20), 80, 8)), "txt");
    }

    [Fact]
    public async Task With_json_each_event_is_a_line_of_standard_output()
    {
        var paper = Paper.File(isJson: true);
        await Report(paper.Output.ChooseProgress("Up"));
        await paper.Output.ChooseProgress("Up").ShowAsync([1], progress =>
        {
            progress.Report(new InstanceEvent(1, InstanceEventKind.Ended, "instance", "done", Outcome.Done));
            return Task.FromResult(0);
        });

        Assert.Empty(paper.Messages);
        Snapshot.Verify(paper.Data, "jsonl");
    }

    [Fact]
    public async Task Lines_tell_the_beginning_and_the_end_of_each_subject()
    {
        var writer = new StringWriter { NewLine = "\n" };
        await Report(new PlainProgress(writer, new StoppedTime(Specimens.Now), showsAll: false));

        Snapshot.Verify(writer.ToString(), "txt");
    }

    [Fact]
    public async Task Lines_tell_nothing_of_what_was_ready_before()
    {
        var writer = new StringWriter { NewLine = "\n" };
        await new PlainProgress(writer, new StoppedTime(Specimens.Now), showsAll: false).ShowAsync([1], progress =>
        {
            progress.Report(new InstanceEvent(1, InstanceEventKind.Done, "redis", "healthy"));
            progress.Report(new InstanceEvent(1, InstanceEventKind.Waiting, "backend", "does not listen on 3311 yet"));
            progress.Report(new InstanceEvent(1, InstanceEventKind.Done, "backend", "listens on 3311"));
            return Task.FromResult(0);
        });

        Assert.Equal("22:15:00 instance 1: backend: listens on 3311\n", writer.ToString());
    }

    [Fact]
    public async Task What_instances_share_has_a_heading_of_its_own()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var board = new ProgressBoard([0], Specimens.Now);
        InstanceEvent[] events =
        [
            new(0, InstanceEventKind.Step, "postgres", "creating") { IsShared = true },
            new(0, InstanceEventKind.Step, "backend", "starting"),
            new(0, InstanceEventKind.Ended, "instance", "done", Outcome.Done) { IsShared = true },
        ];
        await new PlainProgress(writer, new StoppedTime(Specimens.Now), showsAll: false).ShowAsync([0], progress =>
        {
            foreach (var happened in events)
            {
                progress.Report(happened);
                board.Add(happened, Specimens.Now);
            }

            return Task.FromResult(0);
        });

        Assert.Equal("22:15:00 shared infrastructure: postgres: creating\n22:15:00 instance 0: backend: starting\n", writer.ToString());
        Assert.Collection(
            Text(board.Draw(Specimens.Now, 80, 10)).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            l => Assert.Contains("shared infrastructure  done; 0 of 1 done", l, StringComparison.Ordinal),
            l => Assert.Contains("postgres", l, StringComparison.Ordinal),
            l => Assert.Contains("instance 0", l, StringComparison.Ordinal),
            l => Assert.Contains("backend", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_say_what_is_waited_for_when_nothing_was_written_for_ten_seconds()
    {
        using var writer = new WaitingWriter("waiting for");
        var time = new ManualTime(Specimens.Now);
        var end = new TaskCompletionSource<int>();

        var showing = new PlainProgress(writer, time, showsAll: false).ShowAsync([1, 2], progress =>
        {
            progress.Report(new InstanceEvent(1, InstanceEventKind.Step, "frontend", "starting"));
            progress.Report(new InstanceEvent(1, InstanceEventKind.Waiting, "frontend", "does not listen on 5273 yet"));
            progress.Report(new InstanceEvent(1, InstanceEventKind.Waiting, "backend", "does not listen on 3311 yet"));
            progress.Report(new InstanceEvent(1, InstanceEventKind.Done, "backend", "listening"));
            progress.Report(new InstanceEvent(2, InstanceEventKind.Waiting, "frontend", "does not listen on 5373 yet"));
            progress.Report(new InstanceEvent(2, InstanceEventKind.Ended, "instance", "failed", Outcome.Failed));
            return end.Task;
        });
        time.Advance(TimeSpan.FromSeconds(9));
        time.Advance(TimeSpan.FromSeconds(1));
        await writer.Written.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        end.SetResult(0);
        await showing;

        Assert.Equal(
            "22:15:10 instance 1: waiting for frontend (does not listen on 5273 yet)",
            Assert.Single(writer.ToString().ReplaceLineEndings("\n").Split('\n'), l => l.Contains("waiting for", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Lines_tell_everything_when_asked_to()
    {
        var writer = new StringWriter { NewLine = "\n" };
        await Report(new PlainProgress(writer, new StoppedTime(Specimens.Now), showsAll: true));

        Assert.Equal(Events.Length, writer.ToString().TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_live_board_leaves_nothing_behind_but_a_visible_cursor()
    {
        using var writer = new WaitingWriter("postgres");
        var surface = new Surface(writer, new SurfaceTraits(80, 40, HasColors: true, IsLive: true));

        var result = await new LiveProgress(surface, TimeProvider.System).ShowAsync([1], async progress =>
        {
            foreach (var happened in Events)
                progress.Report(happened);
            await writer.Written.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return 42;
        });

        Assert.Equal(42, result);
        Assert.EndsWith("A\e[J\r\e[J\e[?25h", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_board_lets_errors_of_the_work_through()
    {
        var progress = new LiveProgress(Paper.Colored(80).Output.Messages, TimeProvider.System);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => progress.ShowAsync<int>([1], _ => throw new InvalidDataException()));
    }

    [Theory]
    [InlineData(nameof(Detail.Quiet), nameof(SilentProgress))]
    [InlineData(nameof(Detail.Normal), nameof(LiveProgress))]
    [InlineData(nameof(Detail.Verbose), nameof(PlainProgress))]
    public void A_terminal_is_live_unless_everything_or_nothing_is_to_be_told(string detail, string view) =>
        Assert.Equal(view, (Paper.Colored(80).Output with { Detail = Enum.Parse<Detail>(detail) }).ChooseProgress("Up").GetType().Name);

    [Fact]
    public void Elsewhere_lines_are_written() => Assert.IsType<PlainProgress>(Paper.File().Output.ChooseProgress("Up"));

    private static void Play(ProgressBoard board)
    {
        foreach (var (happened, i) in Events.Select((e, i) => (e, i)))
            board.Add(happened, Specimens.Now.AddSeconds(i));
    }

    private static string Draw(ProgressBoard board) => Text(board.Draw(Specimens.Now.AddSeconds(20), 80, 39));

    private static string Text(IEnumerable<InkLine> lines) => string.Concat(lines.Select(l => $"{l}\n"));

    private static Task<int> Report(IProgressView view) => view.ShowAsync([1], progress =>
    {
        foreach (var happened in Events)
            progress.Report(happened);
        return Task.FromResult(42);
    });
}
