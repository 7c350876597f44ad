using InstanceKit.Generation;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Generation;

/// <summary>The service of these tests listens on 9092 itself; the stack also knows 5173, 5433 and 9000.</summary>
public sealed class ComposeLiteralsTests
{
    [Theory]
    [InlineData("CORS_ORIGINS", "http://localhost:5173,https://studio.example.com", "http://localhost:5273,https://studio.example.com")]
    [InlineData("UPSTREAM", "http://host.docker.internal:9000", "http://host.docker.internal:9100")]
    [InlineData("UPSTREAM", "127.0.0.1:5433", "127.0.0.1:5533")]
    [InlineData("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:9092", "PLAINTEXT://localhost:9192")]
    [InlineData("PUBLIC_URL", "http://localhost:9092/", "http://localhost:9192/")]
    [InlineData("OAuth_Callback", "http://localhost:9092/cb", "http://localhost:9192/cb")]
    public void An_address_for_others_changes(string name, string value, string changed) =>
        Assert.Equal([new(name, changed)], Environment(name, value));

    [Theory]
    [InlineData("SELF_URL", "http://localhost:9092/health")]
    [InlineData("KAFKA_LISTENERS", "EXTERNAL://0.0.0.0:9092")]
    [InlineData("PUBLIC_LISTENERS", "EXTERNAL://0.0.0.0:9092,EXTERNAL://[::]:9092")]
    [InlineData("BROKERS", "redpanda:9092")]
    [InlineData("PUBLIC_URL", "http://studio.example.com:9092")]
    [InlineData("PUBLIC_PORT", "9092")]
    [InlineData("PUBLIC_URL", "http://localhost:1234")]
    [InlineData("PUBLIC_URL", null)]
    public void What_the_service_means_for_itself_and_what_is_elsewhere_stays(string name, string? value) =>
        Assert.Empty(Environment(name, value));

    [Theory]
    [InlineData("--advertise-kafka-addr=localhost:9092", "--advertise-kafka-addr=localhost:9192")]
    [InlineData("--advertise-kafka-addr|localhost:9092", "--advertise-kafka-addr|localhost:9192")]
    [InlineData(
        "--kafka-addr|internal://0.0.0.0:29092,external://0.0.0.0:9092|--advertise-kafka-addr|internal://broker:29092,external://localhost:9092",
        "--kafka-addr|internal://0.0.0.0:29092,external://0.0.0.0:9092|--advertise-kafka-addr|internal://broker:29092,external://localhost:9192")]
    [InlineData("--cors|http://localhost:5173", "--cors|http://localhost:5273")]
    [InlineData("--advertise|x://localhost:9092|--rpc=localhost:9092", "--advertise|x://localhost:9192|--rpc=localhost:9092")]
    [InlineData("--kafka|external://localhost:9092|--rpc=localhost:9092", "--kafka|external://localhost:9192|--rpc=localhost:9092")]
    public void A_command_changes_as_a_whole(string command, string changed) =>
        Assert.Equal(changed.Split('|'), Command(command.Split('|')));

    [Theory]
    [InlineData("--rpc-addr=localhost:9092")]
    [InlineData("sh|-c|curl localhost:9092")]
    [InlineData("--console-address|:9000")]
    [InlineData("--public|--rpc=localhost:9092")]
    [InlineData("external://broker:9092|--rpc=localhost:9092")]
    public void A_command_without_an_address_for_others_is_the_service_s_own(string command) =>
        Assert.Null(Command(command.Split('|')));

    [Fact]
    public void The_image_s_own_command_stays() => Assert.Null(Literals(new ComposeService { Name = "s" }).ChangedCommand());

    [Fact]
    public void Changes_are_in_the_order_of_their_names() => Assert.Equal(
        ["A", "a"],
        Literals(new ComposeService
        {
            Name = "s",
            Environment = new Dictionary<string, string?> { ["a"] = "localhost:5433", ["A"] = "localhost:5433", ["b"] = "x" },
        }).ChangedEnvironment().Keys);

    private static IReadOnlyDictionary<string, string> Environment(string name, string? value) => Literals(
        new ComposeService { Name = "s", Environment = new Dictionary<string, string?> { [name] = value } }).ChangedEnvironment();

    private static IReadOnlyList<string>? Command(string[] words) =>
        Literals(new ComposeService { Name = "s", Command = words }).ChangedCommand();

    private static ComposeLiterals Literals(ComposeService service) =>
        new(service with { Ports = [new PublishedPort("s", 9092, 9092)] }, Studio.Ports(1), Studio.Stack);
}
