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
