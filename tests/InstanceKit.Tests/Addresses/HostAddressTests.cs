using CsCheck;
using InstanceKit.Addresses;
using InstanceKit.Models;
using InstanceKit.Tests.Env;
using Xunit;

namespace InstanceKit.Tests.Addresses;

public sealed class HostAddressTests
{
    /// <summary>Instance 18 of the specification's ports, where one base port's result is another base port.</summary>
    private static readonly PortMap Ports = PortMap.Of(
        new[] { 3211, 5173, 5433, 7233, 9000, 9092 }.Select(port => KeyValuePair.Create(port, port + 1800)));

    [Theory]
    [InlineData("localhost:5433", "localhost:7233")]
    [InlineData("LocalHost:5433", "LocalHost:7233")]
    [InlineData("127.0.0.1:5433", "127.0.0.1:7233")]
    [InlineData("127.1.2.3:5433", "127.1.2.3:7233")]
    [InlineData("0.0.0.0:3211", "0.0.0.0:5011")]
    [InlineData("[::1]:5433", "[::1]:7233")]
    [InlineData("http://[::]:3211/", "http://[::]:5011/")]
    [InlineData("host.docker.internal:7233", "host.docker.internal:9033")]
    [InlineData("postgresql://u:p%40ss@localhost:5433/db?x=1", "postgresql://u:p%40ss@localhost:7233/db?x=1")]
    [InlineData("jdbc:postgresql://localhost:5433/db", "jdbc:postgresql://localhost:7233/db")]
    [InlineData("localhost:9092,127.0.0.1:9092,b.example:9092", "localhost:10892,127.0.0.1:10892,b.example:9092")]
    [InlineData("http://localhost:5173,http://u@h/", "http://localhost:6973,http://u@h/")]
    [InlineData("localhost:5433 localhost:7233", "localhost:7233 localhost:9033")]
    [InlineData(
        """{"db":"localhost:5433","s3":"http:\/\/localhost:9000\/"}""",
        """{"db":"localhost:7233","s3":"http:\/\/localhost:10800\/"}""")]
    [InlineData(
        "https://idp.example/?r=http%3A%2F%2Flocalhost%3A5173%2Fcb",
        "https://idp.example/?r=http%3A%2F%2Flocalhost%3A6973%2Fcb")]
    [InlineData("r=http%3a%2f%2f%5B%3A%3A1%5d%3a5173", "r=http%3a%2f%2f%5B%3A%3A1%5d%3a6973")]
    [InlineData("--listen=localhost:3211;", "--listen=localhost:5011;")]
    [InlineData("See localhost:3211.", "See localhost:5011.")]
    [InlineData("127.0.0.1:5433:5432", "127.0.0.1:7233:5432")]
    [InlineData("http://a@localhost:3211/?mail=x@y", "http://a@localhost:5011/?mail=x@y")]
    [InlineData("a@localhost:3211,b@localhost:9000", "a@localhost:5011,b@localhost:10800")]
    [InlineData("http://localhost:3211@localhost:9000/", "http://localhost:3211@localhost:10800/")]
    public void Addresses_of_the_stack_get_the_instances_port(string text, string expected) =>
        Assert.Equal(expected, Translate(text).Text);

    [Theory]
    [InlineData("http://localhost", "http://localhost:8180")]
    [InlineData("http://localhost/analytics?x=1", "http://localhost:8180/analytics?x=1")]
    [InlineData("HTTP://LOCALHOST/", "HTTP://LOCALHOST:8180/")]
    [InlineData("https://127.0.0.1#a", "https://127.0.0.1:8543#a")]
    [InlineData("ws://[::1]/hmr wss://localhost", "ws://[::1]:8180/hmr wss://localhost:8543")]
    [InlineData("http://localhost,http://localhost:80", "http://localhost:8180,http://localhost:8180")]
    [InlineData("See http://localhost.", "See http://localhost:8180.")]
    [InlineData("""{"url":"http:\/\/localhost\/x"}""", """{"url":"http:\/\/localhost:8180\/x"}""")]
    [InlineData("https://idp.example/?r=http%3A%2F%2Flocalhost%2Fcb", "https://idp.example/?r=http%3A%2F%2Flocalhost%3A8180%2Fcb")]
    [InlineData("localhost", "localhost")]
    [InlineData("//localhost/x", "//localhost/x")]
    [InlineData("ftp://localhost/", "ftp://localhost/")]
    [InlineData("xhttp://localhost/", "xhttp://localhost/")]
    [InlineData("http://localhost.example.com/", "http://localhost.example.com/")]
    [InlineData("http://localhost@example.com/", "http://localhost@example.com/")]
    [InlineData("http://localhost:3000/", "http://localhost:3000/")]
    [InlineData("http://localhost:/", "http://localhost:/")]
    public void A_URL_without_a_port_means_its_scheme_s(string text, string expected) =>
        Assert.Equal(expected, new Translator(PortMap.Of([new(80, 8180), new(443, 8543)])).Translate(text, ReaderPlace.HostApp).Text);

    [Theory]
    [InlineData("db.localhost.example.com:5433")]
    [InlineData("localhost.example.com:5433")]
    [InlineData("mylocalhost:5433")]
    [InlineData("my-localhost:5433")]
    [InlineData("my_localhost:5433")]
    [InlineData("élocalhost:5433")]
    [InlineData("%C3%A9localhost:5433")]
    [InlineData("x%2Elocalhost:5433")]
    [InlineData("localhoster:5433")]
    [InlineData("host.doc\u212Aer.internal:5433")]
    [InlineData("10.0.0.5:5433")]
    [InlineData("10.127.0.0.1:5433")]
    [InlineData("1127.0.0.1:5433")]
    [InlineData("127.0.0.256:5433")]
    [InlineData("127.0.0.1.example.com:5433")]
    [InlineData("127.0.0.1.1:5433")]
    [InlineData("10.0.0.0:5433")]
    [InlineData("[fe80::1]:5433")]
    [InlineData("[::ffff:10.0.0.5]:5433")]
    [InlineData("http://localhost:5433@remote/")]
    [InlineData("http://localhost:5433!x,y@remote/")]
    [InlineData("http://u:localhost:5433@remote/")]
    [InlineData("r=http%3A%2F%2Flocalhost%3A5433%40remote%2F")]
    [InlineData("localhost:5433@remote")]
    [InlineData("localhost:54330")]
    [InlineData("localhost:15433")]
    [InlineData("localhost:05433")]
    [InlineData("localhost:5433.5")]
    [InlineData("localhost:5433-5440")]
    [InlineData("localhost:5433x")]
    [InlineData("localhost:5433_1")]
    [InlineData("localhost:543354335433")]
    [InlineData("localhost: 5433")]
    [InlineData("localhost::5433")]
    [InlineData("localhost 5433")]
    [InlineData("localhost:1234")]
    [InlineData("12:5433")]
    [InlineData(":5433")]
    [InlineData("5433")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("%5B")]
    [InlineData("")]
    public void What_is_no_address_of_the_stack_stays(string text)
    {
        var patch = Translate(text);

        Assert.Same(text, patch.Text);
        Assert.Empty(patch.Mentions);
    }

    [Fact]
    public void Mentions_tell_where_and_what()
    {
        var patch = Translate("a=localhost:5433&b=[::1]:9000");

        Assert.Equal(
            [(2, "localhost:5433", "localhost:7233", MentionDecision.Translated), (19, "[::1]:9000", "[::1]:10800", MentionDecision.Translated)],
            patch.Mentions.Select(m => (m.Position, m.What, m.To!, m.Decision)));
    }

    [Fact]
    public void A_remote_address_is_never_changed() =>
        Gen.Select(
            Gen.OneOf<string>("", "http://", "postgres://u:p@", "u:p%40@", "//", "\"", "a,", " "),
            Gen.OneOf<string>("localhost.x", "xlocalhost", "localhost-x", "10.0.0.1", "db", "127.0.0.1.x",
                "[fe80::1]", "localhost:5433@db", "127.0.0.1:9000%40@db", "localhost:5433:5433@h"),
            Gen.OneOf<string>(":5433", "%3A9000", ":3211/localhost", ":7233?x=y"),
            Gen.OneOf<string>("", "/", " ", "\"", ",db:5433", ";")).Sample((before, host, port, after) =>
            {
                var text = before + host + port + after;
                return Translate(text).Text == text;
            }, iter: 3_000);

    [Fact]
    public void Only_port_digits_change_in_any_text() =>
        DotEnvGen.Text.Array[0, 4].Select(parts => string.Join("localhost:5433", parts)).Sample(text =>
        {
            var patch = Translate(text);
            var undone = patch.Text;
            foreach (var each in patch.Mentions.Reverse())
            {
                var (host, old, now) = (each.What[..each.What.LastIndexOf(':')], each.What.Split(':')[^1], each.To!.Split(':')[^1]);
                var port = text.IndexOf(old, each.Position + host.Length, StringComparison.Ordinal);
                Assert.Equal(host, text.Substring(each.Position, host.Length));
                undone = undone.Remove(port, now.Length).Insert(port, old);
            }

            Assert.Equal(text, undone);
        }, iter: 3_000);

    private static Translation Translate(string text) => new Translator(Ports).Translate(text, ReaderPlace.HostApp);

    [Fact]
    public async Task Hostile_texts_take_linear_time()
    {
        const int count = 50_000;
        string[] pieces =
        [
            "localhost:5433:", "http:/localhost:5433:", "localhost%3A5433%3A", "localhost:5433!", "%", "%5B", "l", "127.",
            "[::1", "localhost:5433@", "1.", "host.docker.internal", "localhost:", "/localhost:5433,", "http://localhost!", "http://localhost", "//localhost/",
        ];
        foreach (var piece in pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, count));
            var limit = TestContext.Current.CancellationToken;
            await Task.Run(() => Translate(text), limit).WaitAsync(TimeSpan.FromSeconds(10), limit);
        }
    }
}
