using InstanceKit.Addresses;
using InstanceKit.Apps;
using InstanceKit.Env;
using InstanceKit.Ports;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Addresses;

public sealed class HostAppTranslationTests
{
    private static readonly LiteralRules Rules = new(
        ["LEGACY_*"], ["Dev.Local"], [new LiteralReplacement("studio-bucket", "{project}-bucket-{port:POSTGRES}")]);

    private static readonly Translator Translator = (Studio.Spec(1) with { Stack = Studio.Stack with { Literals = Rules } }).TranslatorFor(
        Studio.Ports(1),
        new SubnetPlan(1, [new SubnetAssignment("net", "172.28.0.0/16", "10.255.0.0/16")]));

    [Theory]
    [InlineData("DB", "postgresql://localhost:5433/x", "postgresql://localhost:5533/x")]
    [InlineData("DB", "postgresql://dev.local:5433/x", "postgresql://dev.local:5533/x")]
    [InlineData("DB", "DEV.LOCAL:5433", "DEV.LOCAL:5533")]
    [InlineData("DB", "other.dev.local:5433 dev.local.example.com:5433", "other.dev.local:5433 dev.local.example.com:5433")]
    [InlineData("DB", "172.28.0.5:5432", "10.255.0.5:5432")]
    [InlineData("BUCKET", "s3://localhost:9000/studio-bucket", "s3://localhost:9100/shipsec-dev-1-bucket-5533")]
    [InlineData("LEGACY_DB", "localhost:5433 studio-bucket", "localhost:5433 studio-bucket")]
    [InlineData("A", "nothing of it", "nothing of it")]
    public void Values_follow_the_instance_and_the_rules_of_the_stack(string name, string value, string expected) =>
        Assert.Equal(expected, Translator.Translate(value, ReaderPlace.HostApp, name).Text);

    [Theory]
    [InlineData("DB_PORT", "dev.local", 5533)]
    [InlineData("DB_PORT", "db.example.com", null)]
    [InlineData("LEGACY_PORT", "localhost", null)]
    public void A_bare_port_follows_where_it_is_this_host_s(string name, string host, int? expected) => Assert.Equal(
        $"{expected ?? 5433}",
        Translator.Translate("5433", ReaderPlace.HostApp, name, new Dictionary<string, string> { ["DB_HOST"] = host }).Text);

    private static readonly Translator Clients = new(
        PortMap.Of(new[] { 9092, 4222, 6379, 9229, 8000 }.Select(p => KeyValuePair.Create(p, p + 100))),
        names: [new(StackNameKind.Network, "shop_edge", "dev-1_edge"), new(StackNameKind.Container, "shop-db", "dev-1-db-1"), new(StackNameKind.Volume, "data", "dev-1_data")]);

    [Theory]
    [InlineData("KAFKA_BROKERS", "localhost", "localhost:9192")]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1, broker.example.com,localhost:9092", "127.0.0.1:9192, broker.example.com,localhost:9192")]
    [InlineData("BOOTSTRAP_SERVERS", "localhost", "localhost:9192")]
    [InlineData("NATS_URL", "localhost", "localhost:4322")]
    [InlineData("NATS_SERVERS", "localhost:4222,localhost", "localhost:4322,localhost:4322")]
    [InlineData("CACHE_REDIS_URL", "localhost", "localhost:6479")]
    [InlineData("ALLOWED_SERVERS", "localhost", "localhost")]
    [InlineData("KAFKA_CLIENT_ID", "localhost", "localhost")]
    [InlineData("MONGO_URL", "localhost", "localhost")] // no such service
    public void A_host_alone_means_the_port_that_its_client_assumes(string name, string value, string expected)
    {
        Assert.Equal(expected, Clients.Translate(value, ReaderPlace.HostApp, name).Text);
        Assert.Equal("localhost", Clients.ForService([9092], [9092], []).Translate("localhost", ReaderPlace.ContainerVariable, name).Text);
    }

    [Theory]
    [InlineData("python manage.py runserver 8000", "python manage.py runserver 8100")]
    [InlineData("python manage.py runserver 0.0.0.0:8000", "python manage.py runserver 0.0.0.0:8100")]
    [InlineData("python -m http.server 8000 -d public", "python -m http.server 8100 -d public")]
    [InlineData("php -S localhost:8000 -t public", "php -S localhost:8100 -t public")]
    [InlineData("./server -addr :8000", "./server -addr :8100")]
    [InlineData("next dev -p8000", "next dev -p8100")]
    [InlineData("gunicorn -b127.0.0.1:8000 app", "gunicorn -b127.0.0.1:8100 app")]
    [InlineData("gunicorn -b:8000 app", "gunicorn -b:8100 app")]
    [InlineData("mysql -p8000x; tar -b8000k", "mysql -p8000x; tar -b8000k")]
    [InlineData("node --inspect main.js", "node --inspect=9329 main.js")]
    [InlineData("node --inspect-brk", "node --inspect-brk=9329")]
    [InlineData("node --inspect=9229 main.js", "node --inspect=9329 main.js")]
    [InlineData("node --inspect=127.0.0.1:9229 main.js", "node --inspect=127.0.0.1:9329 main.js")]
    [InlineData("node --inspector --port 8001", "node --inspector --port 8001")]
    [InlineData("sleep 8000", "sleep 8000")]
    public void Options_and_arguments_that_are_ports_follow(string command, string expected)
    {
        Assert.Equal(expected, Clients.Words([command])[0]);
        Assert.Equal(expected, string.Join(' ', Clients.Words(command.Split(' '))));
    }

    [Theory]
    [InlineData("networks:\n  - other\n  - shop_edge\n", "networks:\n  - other\n  - dev-1_edge\n")]
    [InlineData("a:\n  networks:\n  - \"shop_edge\"\n", "a:\n  networks:\n  - \"dev-1_edge\"\n")]
    [InlineData("{\"networks\": [\"other\", \"shop_edge\"]}", "{\"networks\": [\"other\", \"dev-1_edge\"]}")]
    [InlineData("networks = [\"shop_edge\"]", "networks = [\"dev-1_edge\"]")]
    [InlineData("watch_containers:\n  - shop-db\n", "watch_containers:\n  - dev-1-db-1\n")]
    [InlineData("hosts:\n  - shop-db\n", "hosts:\n  - shop-db\n")] // an alias of the container
    [InlineData("- shop_edge\n", "- shop_edge\n")]
    [InlineData("volumes:\n  - data\n", "volumes:\n  - data\n")] // may be any word
    [InlineData("networks: [other]\nname: [shop_edge]", "networks: [other]\nname: [shop_edge]")]
    public void A_name_in_a_list_about_such_things_follows(string text, string expected) =>
        Assert.Equal(expected, Clients.Translate(text, ReaderPlace.ContainerFile).Text);

    [Theory]
    [InlineData("INTERNAL_SERVICE_TOKEN", "x", true)]
    [InlineData("SESSION_SECRET", "x", true)]
    [InlineData("APP_SIGNING_KEY", "x", true)]
    [InlineData("SECRET_KEY_BASE", "x", true)]
    [InlineData("SESSION_SECRET", "", false)]
    [InlineData("GITHUB_TOKEN", "x", false)]
    [InlineData("SESSION_TTL", "x", false)]
    public void A_secret_that_all_instances_have_is_told_without_its_value(string name, string value, bool expected)
    {
        var mentions = Clients.Translate(value, ReaderPlace.HostApp, name).Mentions;

        Assert.Equal(expected ? [(name, MentionDecision.Kept)] : [], mentions.Select(m => (m.What, m.Decision)));
        Assert.Empty(new Translator(PortMap.Of([new(5433, 5433)])).Translate(value, ReaderPlace.HostApp, name).Mentions);
    }

    [Fact]
    public void An_app_needs_what_it_addresses_by_another_name_of_the_host()
    {
        var patch = EnvPatch.Apply(DotEnvDocument.Parse("DB=dev.local:5433\n"), Translator, [], "instance");

        Assert.Equal(("DB=dev.local:5533\n", 5433), (patch.Document.ToString(), Assert.Single(patch.AddressedBasePorts)));
    }

    [Fact]
    public void A_PM2_config_follows_the_same_rules()
    {
        var ecosystem = Pm2Ecosystem.Create(
            Studio.Spec(1) with { Stack = Studio.Stack with { Literals = Rules } }, Studio.Ports(1), [Studio.AppPlan(1, "backend")],
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["backend"] = new Dictionary<string, string>() },
            """[{"name":"backend","args":"--bucket studio-bucket","env":{"DB":"dev.local:5433","LEGACY_DB":"dev.local:5433"}}]""");

        Assert.Contains("--bucket shipsec-dev-1-bucket-5533", ecosystem.Json, StringComparison.Ordinal);
        Assert.Contains("\"DB\": \"dev.local:5533\"", ecosystem.Json, StringComparison.Ordinal);
        Assert.Contains("\"LEGACY_DB\": \"dev.local:5433\"", ecosystem.Json, StringComparison.Ordinal);
    }
}
