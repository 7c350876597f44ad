using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>The service of these tests listens on 9092 itself; the stack also knows 5173, 5433 and 9000.</summary>
public sealed class ServiceTextsTests
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
    public void The_image_s_own_command_stays() => Assert.Null(Texts(new ComposeService { Name = "s" }).Command());

    [Fact]
    public void Changes_are_in_the_order_of_their_names() => Assert.Equal(
        ["A", "a"],
        Texts(new ComposeService
        {
            Name = "s",
            Environment = new Dictionary<string, string?> { ["a"] = "localhost:5433", ["A"] = "localhost:5433", ["b"] = "x" },
        }).Environment().Keys);

    [Theory]
    [InlineData("http://host.docker.internal:9092", "http://host.docker.internal:9192")]
    [InlineData("http://host.studio:9092", "http://host.studio:9192")]
    [InlineData("http://HOST.studio:9092", "http://HOST.studio:9192")]
    [InlineData("http://dev.local:9092", "http://dev.local:9192")]
    public void A_name_of_the_host_means_the_host_everywhere(string value, string changed)
    {
        var service = new ComposeService
        {
            Name = "s",
            Environment = new Dictionary<string, string?> { ["SELF"] = value },
            Command = [value],
            Entrypoint = [value],
            BuildArguments = new Dictionary<string, string?> { ["ARG"] = value, ["NONE"] = null },
            Labels = new Dictionary<string, string?> { ["label"] = value },
            HealthCheck = new ComposeHealthCheck(false, TimeSpan.FromSeconds(1), 1) { Test = ["CMD", "curl", value] },
            ExtraHosts = new Dictionary<string, IReadOnlyList<string>> { ["host.studio"] = ["host-gateway"], ["other"] = ["192.0.2.1"] },
        };
        var texts = Texts(service, new LiteralRules([], ["dev.local"], []));

        Assert.Equal([new("SELF", changed)], texts.Environment());
        Assert.Equal([new("ARG", changed)], texts.BuildArguments());
        Assert.Equal([new("label", changed)], texts.Labels());
        Assert.Equal([changed], texts.Command()!);
        Assert.Equal([changed], texts.Entrypoint()!);
        Assert.Equal(["CMD", "curl", changed], texts.HealthTest()!);
    }

    [Theory]
    [InlineData("CMD-SHELL", "curl -f http://localhost:5433 || exit 1")]
    [InlineData("CMD", "http://127.0.0.1:9092/health")]
    [InlineData("NONE", "")]
    public void A_health_check_asks_the_container_itself(string kind, string test) => Assert.Null(Texts(new ComposeService
    {
        Name = "s",
        HealthCheck = new ComposeHealthCheck(false, TimeSpan.FromSeconds(1), 1) { Test = [kind, test] },
    }).HealthTest());

    [Fact]
    public void A_label_is_for_those_outside() => Assert.Equal(
        [new("home.url", "http://localhost:9192")],
        Texts(new ComposeService
        {
            Name = "s",
            Labels = new Dictionary<string, string?> { ["home.url"] = "http://localhost:9092", ["plain"] = "x", ["none"] = null },
        }).Labels());

    [Fact]
    public void What_the_stack_keeps_is_kept_and_what_it_replaces_is_replaced()
    {
        var service = new ComposeService
        {
            Name = "s",
            Environment = new Dictionary<string, string?>
            {
                ["LEGACY_URL"] = "localhost:5433", ["LEGACY"] = "localhost:5433", ["OTHER"] = "studio$$dev/1", ["a.c"] = "localhost:5433",
            },
        };
        var rules = new LiteralRules(["LEGACY_*", "a.c"], [], [new LiteralReplacement("studio$dev", "{project}-{port:POSTGRES}$")]);

        Assert.Equal(
            [new("LEGACY", "localhost:5533"), new("OTHER", "shipsec-dev-1-5533$$/1")], Texts(service, rules).Environment());
    }

    [Theory]
    [InlineData("A", "A", true)]
    [InlineData("A", "AB", false)]
    [InlineData("A*", "AB", true)]
    [InlineData("*", "", true)]
    [InlineData("*_URL", "DB_URL", true)]
    [InlineData("*_URL", "DB_URLS", false)]
    [InlineData("A.B", "AxB", false)]
    [InlineData("a", "A", false)]
    public void A_star_stands_for_any_characters(string pattern, string name, bool isKept) =>
        Assert.Equal(isKept, new LiteralRules([pattern], [], []).Keeps(name));

    private static IReadOnlyDictionary<string, string> Environment(string name, string? value) => Texts(
        new ComposeService { Name = "s", Environment = new Dictionary<string, string?> { [name] = value } }).Environment();

    private static IReadOnlyList<string>? Command(string[] words) =>
        Texts(new ComposeService { Name = "s", Command = words }).Command();

    private static ServiceTexts Texts(ComposeService service, LiteralRules? rules = null) => new(
        service with { Ports = [new PublishedPort("s", 9092, 9092)] },
        (Studio.Spec(1) with { Stack = Studio.Stack with { Literals = rules ?? LiteralRules.None } }).TranslatorFor(Studio.Ports(1)));
}
