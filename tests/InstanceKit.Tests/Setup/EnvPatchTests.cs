using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Ports;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.Tests.Setup;

public sealed class EnvPatchTests
{
    [Fact]
    public void A_fixed_address_of_a_network_moves_with_its_range()
    {
        var subnets = new SubnetPlan(1, [new SubnetAssignment("net", "172.28.0.0/16", "10.255.0.0/16")]);

        var patch = EnvPatch.Apply(
            DotEnvDocument.Parse("DB=172.28.0.5:5432 # fixed\nREMOTE=172.29.0.5:5432\n"), new Translator(PortMap.Of([]), subnets), [], "T");

        Assert.Equal("DB=10.255.0.5:5432 # fixed\nREMOTE=172.29.0.5:5432\n", patch.Document.ToString());
    }

    private static readonly PortMap Ports = PortMap.Of(
        new[] { 3211, 5433, 6379, 7233, 9000 }.Select(port => KeyValuePair.Create(port, port + 100)));

    [Theory]
    [InlineData("PORT=3211", "PORT=3311")]
    [InlineData("PORT=\"3211\" # http", "PORT=\"3311\" # http")]
    [InlineData("MINIO_ENDPOINT=localhost\nMINIO_PORT=9000", "MINIO_ENDPOINT=localhost\nMINIO_PORT=9100")]
    [InlineData("MINIO_ENDPOINT=http://LOCALHOST\nMINIO_PORT=9000", "MINIO_ENDPOINT=http://LOCALHOST\nMINIO_PORT=9100")]
    [InlineData("H=127.0.0.1\nX_HOST=${H}\nX_PORT=9000", "H=127.0.0.1\nX_HOST=${H}\nX_PORT=9100")]
    [InlineData("X_HOST=::1\nX_PORT=9000", "X_HOST=::1\nX_PORT=9100")]
    [InlineData("X_HOST=\nX_PORT=9000", "X_HOST=\nX_PORT=9100")]
    [InlineData("X_SERVER=localhost:6379\nX_PORT=6379", "X_SERVER=localhost:6479\nX_PORT=6479")]
    [InlineData("A=localhost:5433\nA=localhost:5433", "A=localhost:5533\nA=localhost:5533")]
    [InlineData("A=\"localhost:5433\r\nlocalhost:6379\"\r\n", "A=\"localhost:5533\r\nlocalhost:6479\"\r\n")]
    [InlineData("A='{\"u\":\"redis://localhost:6379\"}'", "A='{\"u\":\"redis://localhost:6479\"}'")]
    [InlineData("A=\"first\\nlocalhost:5433\\n\"", "A=\"first\\nlocalhost:5533\\n\"")]
    [InlineData("A='localhost:5433\nB=1", "A='localhost:5533\nB=1")]
    public void Addresses_and_ports_of_the_stack_follow_the_instance(string text, string expected) =>
        Assert.Equal(expected, Patch(text).Document.ToString());

    [Theory]
    [InlineData("# PORT=3211\n#A=localhost:5433\nB=1 # localhost:5433")]
    [InlineData("PORT=32110\nX_PORT=03211\nY_PORT= 3211x\nPORTS=3211\nREPORT=3211")]
    [InlineData("MINIO_ENDPOINT=s3.example.com\nMINIO_PORT=9000")]
    [InlineData("X_SERVER=redis://u@cache:6379/0\nX_PORT=6379")]
    [InlineData("X_HOSTNAME=${ELSEWHERE}\nX_PORT=6379")]
    [InlineData("X_ADDRESS=10.0.0.5\nX_PORT=6379")]
    [InlineData("A=localhost:${P}\nP=1")]
    [InlineData("not an assignment localhost:5433")]
    public void What_is_not_the_stacks_stays(string text)
    {
        var source = DotEnvDocument.Parse(text);
        var result = EnvPatch.Apply(source, new Translator(Ports), [], "instance");

        Assert.Same(source, result.Document);
        Assert.Empty(result.Changes);
    }

    [Fact]
    public void Set_values_win_in_place_or_are_added_in_one_block()
    {
        var result = Patch("PORT=3211\nQUEUE='dev' # q\n# NAME=x\nQUEUE=old\nURL=localhost:6379\n",
            new("QUEUE", "dev-1"), new("NAME", "n-1"), new("PORT", "1"), new("EXTRA", "a b"), new("NAME", "n-2"));

        Assert.Equal(
            """
            PORT=1
            QUEUE='dev-1' # q
            # NAME=x
            QUEUE=dev-1
            URL=localhost:6479

            # >>> instance
            NAME=n-2
            EXTRA="a b"
            # <<< instance

            """.ReplaceLineEndings("\n"), result.Document.ToString());
        Assert.Equal(
            [
                new EnvChange("PORT", 1, "3211", "1", EnvCause.Set),
                new EnvChange("QUEUE", 2, "dev", "dev-1", EnvCause.Set),
                new EnvChange("QUEUE", 4, "old", "dev-1", EnvCause.Set),
                new EnvChange("URL", 5, "localhost:6379", "localhost:6479", EnvCause.Address),
                new EnvChange("NAME", 8, null, "n-2", EnvCause.Added),
                new EnvChange("EXTRA", 9, null, "a b", EnvCause.Added),
            ],
            result.Changes);
    }

    [Fact]
    public void Keys_added_before_stay_in_their_block()
    {
        var first = Patch("A=1\n", new KeyValuePair<string, string>("B", "2")).Document;
        var second = EnvPatch.Apply(first, new Translator(Ports), [new("B", "3"), new("C", "4")], "instance");

        Assert.Equal("A=1\n\n# >>> instance\nB=3\nC=4\n# <<< instance\n", second.Document.ToString());
        Assert.Equal(["B 4 set for the instance", "C 5 added for the instance"],
            second.Changes.Select(change => $"{change.Key} {change.Line} {change.Cause}"));
    }

    [Fact]
    public void A_set_host_decides_about_its_port() =>
        Assert.Equal("X_HOST=localhost\nX_PORT=9100",
            Patch("X_HOST=s3.example.com\nX_PORT=9000", new KeyValuePair<string, string>("X_HOST", "localhost"))
                .Document.ToString());

    [Fact]
    public void Addressed_base_ports_tell_what_the_app_needs()
    {
        var result = Patch(
            """
            PORT=3211
            PG_PORT=5433
            DATABASE_URL=postgres://u:p@localhost:${PG_PORT}/db
            REDIS_URL=redis://localhost:6379
            MINIO_ENDPOINT=s3.example.com
            MINIO_PORT=9000
            TEMPORAL=localhost:7233
            # OTHER=localhost:9000
            """, new("TEMPORAL", "temporal.example.com:7333"), new("CACHE", "redis://localhost:6479"));

        Assert.Equal([3211, 5433, 6379], result.AddressedBasePorts);
    }

    private static EnvPatchResult Patch(string text, params KeyValuePair<string, string>[] set) =>
        EnvPatch.Apply(DotEnvDocument.Parse(text), new Translator(Ports), set, "instance");
}
