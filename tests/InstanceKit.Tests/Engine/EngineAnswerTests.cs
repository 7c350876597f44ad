using System.Net;
using System.Text;
using CsCheck;
using InstanceKit.Engine;
using Xunit;

namespace InstanceKit.Tests.Engine;

public sealed class EngineAnswerTests
{
    private static readonly Gen<string> Bodies = Gen.String[Gen.Char[' ', '~'], 0, 200];

    [Fact]
    public void Status_and_body_are_found_whatever_the_headers_are() => Gen.Select(
        Gen.Int[100, 599], Gen.String[Gen.Char['a', 'z'], 1, 20].Array[0, 8], Bodies).Sample((status, headers, body) =>
        {
            var head = $"HTTP/1.0 {status} Words\r\n" + string.Concat(headers.Select(h => $"{h}: {h}\r\n")) + "\r\n";
            var answer = Encoding.UTF8.GetBytes(head + body);

            var (found, at) = EngineAnswer.Split(answer);
            using var stream = new MemoryStream(answer);
            var streamed = EngineAnswer.ReadHead(stream);

            return found == (HttpStatusCode)status && streamed == found
                && Encoding.UTF8.GetString(answer, at, answer.Length - at) == body && stream.Position == at;
        });

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nServer: x\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.0 2x0 OK\r\n\r\n")]
    public void Anything_else_is_no_HTTP(string answer)
    {
        Assert.Throws<InvalidDataException>(() => EngineAnswer.Split(Encoding.UTF8.GetBytes(answer)));
        Assert.Throws<InvalidDataException>(() => EngineAnswer.ReadHead(new MemoryStream(Encoding.UTF8.GetBytes(answer))));
    }

    [Fact]
    public void A_connection_that_is_closed_at_once_is_no_answer() => Assert.Throws<IOException>(() => EngineAnswer.Split([]));

    [Theory]
    [InlineData("""{"message":"no such filter"}""", "no such filter (400)")]
    [InlineData("<html>", "it responds with status 400")]
    [InlineData("[]", "it responds with status 400")]
    public void The_engine_s_own_words_are_told(string body, string expected) =>
        Assert.Equal(expected, EngineAnswer.Describe(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(body)));
}
