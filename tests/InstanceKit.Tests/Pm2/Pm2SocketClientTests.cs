using System.Buffers.Binary;
using System.Text;
using InstanceKit.Pm2;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Pm2;

/// <summary>What a PM2 daemon may send through its request socket, or not.</summary>
public sealed class Pm2SocketClientTests
{
    private const string List = """{"args":[[{"pid":7,"name":"web","pm_id":3,"pm2_env":{"status":"online","restart_time":2}}]]}""";

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task A_list_is_read_in_whatever_parts_it_comes(int atATime)
    {
        using var server = Server(FakeServer.Saying(Message(List), atATime));

        var process = Assert.Single((await ListAsync(server))!);

        Assert.Equal(("web", 3, 7, ProcessState.Online, 2), (process.Name, process.PmId, process.Pid, process.Status, process.Restarts));
    }

    [Fact]
    public async Task A_long_list_is_read_whole()
    {
        var many = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$$"""{"pid":{{{i}}},"name":"web-{{{i}}}","pm_id":{{{i}}},"pm2_env":{"status":"online"}}"""));
        using var server = Server(FakeServer.Saying(Message($$"""{"args":[[{{many}}]]}"""), 10_000));

        Assert.Equal(2000, (await ListAsync(server))!.Count);
    }

    [Fact]
    public async Task The_question_is_one_message_of_two_arguments()
    {
        var question = Array.Empty<byte>();
        using var server = new FakeServer(async (_, stream, end) =>
        {
            question = await ReadAsync(stream, 0, end);
            await stream.WriteAsync(Message("""{"args":[[]]}"""), end);
        }, readsQuestion: false);

        Assert.Empty((await ListAsync(server))!);
        Assert.Equal(0x12, question[0]);
        using var stream = new MemoryStream(question);
        Assert.Equal("""{"type":"call","method":"getMonitorData","args":[{}]}""", Encoding.UTF8.GetString(Pm2SocketClient.ReadAnswer(stream).Span));
        Assert.Equal(question.Length, stream.Position);
    }

    [Theory]
    [InlineData("")] // it closes
    [InlineData("\u0012\0\0\0\u0009j:{")] // it closes in the middle
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0012ÿÿÿÿj:[]")] // a length below zero
    [InlineData("\u0012\u007fÿÿÿj:[]")] // a length of 2 GiB
    [InlineData("\u0010")] // no argument
    [InlineData("\u0011\0\0\0\u0004j:[]")] // no list
    [InlineData("\u0011\0\0\0\u000bj:{\"args\":0")] // broken JSON
    [InlineData("\u0011\0\0\0\u000dj:{\"args\":[]}")] // no first argument
    [InlineData("\u0011\0\0\0\u000fj:{\"args\":[7]}\n")] // no list in it
    public async Task What_is_no_list_is_no_answer(string answer)
    {
        using var server = Server(FakeServer.Saying(answer));

        Assert.Null(await ListAsync(server));
    }

    [Fact]
    public void Without_a_socket_there_is_no_answer()
    {
        var path = Path.Combine(Path.GetTempPath(), $"ik-none-{Guid.NewGuid():N}", "rpc.sock");

        Assert.Null(Pm2SocketClient.TryList(path, Token));
        Assert.False(Pm2SocketClient.TryDelete(path, [1], Token));
    }

    [Theory]
    [InlineData("4711\n", "process 4711, ", "kill -CONT 4711")]
    [InlineData("rm -rf /", "", "kill -CONT PID")]
    [InlineData(null, "", "kill -CONT PID")]
    public async Task A_daemon_that_never_answers_is_named_with_its_process(string? pid, string named, string remedy)
    {
        using var server = Server(FakeServer.SilentAsync);
        var home = Path.GetDirectoryName(server.Path)!;
        if (pid is not null)
            await File.WriteAllTextAsync(Path.Combine(home, "pm2.pid"), pid, Token);

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => ListAsync(server, Soon));

        Assert.Equal($"The PM2 daemon ({named}PM2_HOME={home}) does not answer: no response within 0 s.", error.Message);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_in_drips_does_not_outlast_the_time_limit()
    {
        using var server = Server(async (_, stream, end) =>
        {
            await stream.WriteAsync(new byte[] { 0x11, 0, 1, 0, 0 }, end);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (await timer.WaitForNextTickAsync(end))
                await stream.WriteAsync(" "u8.ToArray(), end);
        });

        await Assert.ThrowsAsync<NoAnswerException>(() => ListAsync(server, Soon));
    }

    [Fact]
    public async Task A_silent_daemon_can_be_interrupted()
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var server = Server(FakeServer.SilentAsync);
        server.OnAsked = user.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => Pm2SocketClient.TryList(server.Path, Late, user.Token), Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => Pm2SocketClient.TryDelete(server.Path, [1], user.Token), Token));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)] // it closes before the second answer
    public async Task Apps_are_deleted_when_every_request_was_answered(int answers, bool isDeleted)
    {
        using var server = Server(FakeServer.Saying([.. Enumerable.Repeat(Message("""{"args":[null]}"""), answers).SelectMany(m => m)], 5), lastRequest: 1);

        Assert.Equal(isDeleted, await Task.Run(() => Pm2SocketClient.TryDelete(server.Path, [4, 5], Token), Token));
    }

    private static Task<IReadOnlyList<Pm2Process>?> ListAsync(FakeServer server, TimeSpan? timeout = null) =>
        Task.Run(() => Pm2SocketClient.TryList(server.Path, timeout ?? Late, Token), Token);

    private static FakeServer Server(Func<string, Stream, CancellationToken, Task> serve, int lastRequest = 0) => new(
        async (question, stream, end) =>
        {
            await ReadAsync(stream, lastRequest, end);
            await serve(question, stream, end);
        }, readsQuestion: false);

    /// <summary>Reads up to the end of a request: the other side fails when a connection is closed before it was read.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, int request, CancellationToken end)
    {
        var (read, buffer) = (new List<byte>(), new byte[1000]);
        while (!Encoding.UTF8.GetString([.. read]).EndsWith($"s:instancekit:{request}", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, end) is not (> 0 and var count))
                break;
            read.AddRange(buffer[..count]);
        }

        return [.. read];
    }

    private static byte[] Message(string json)
    {
        return [0x12, .. Argument("j:" + json), .. Argument("s:instancekit:0")];

        static byte[] Argument(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var length = new byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            return [.. length, .. bytes];
        }
    }
}
