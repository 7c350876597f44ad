using CsCheck;
using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Setup;

public sealed class EnvLayersTests
{
    private static readonly PortMap Ports = PortMap.Of([new(5433, 5533), new(9000, 9100)]);

    [Theory]
    [InlineData("", "DB=localhost:5433", "DB=localhost:5533")]
    [InlineData("", "X_PORT=9000", "X_PORT=9100")]
    [InlineData("", "A=1\nDB=db.example.com:5433\nX_HOST=cache\nX_PORT=9000", "")]
    [InlineData("DB=localhost:5433", "DB=db.example.com:5433", "DB=db.example.com:5433")]
    [InlineData("MODE=a", "MODE=b\nOTHER=c", "MODE=b")]
    [InlineData("H=localhost", "DB=${H}:5433", "DB=localhost:5533")]
    [InlineData("DB=${H}:5433\nH=db.example.com", "H=localhost", "H=localhost")]
    [InlineData("", "# DB=localhost:5433", "")]
    public void What_is_about_the_stack_or_changes_the_env_file_is_set(string own, string layer, string expected) =>
        Assert.Equal(expected, Decide(own, layer));

    [Fact]
    public void Of_one_key_the_last_layer_counts() =>
        Assert.Equal("DB=localhost:5533/c", Decide("", "DB=localhost:5433/a", "DB=localhost:5433/b", "DB=localhost:5433/c"));

    [Fact]
    public void The_order_is_that_of_what_is_nearest_to_the_person() =>
        Assert.Equal([".env.development", ".env.local", ".env.development.local"], EnvSource.LayerNames);

    [Fact]
    public void A_kept_variable_stays() => Assert.Equal(
        "", Text(EnvLayers.Decide(Source("", "DB=localhost:5433"), new Translator(Ports, null, new TranslationRules(n => n.StartsWith('D'), [], [])))));

    [Fact]
    public void With_the_layers_an_app_sees_what_it_would_have_seen_pointed_to_the_instance()
    {
        var line = Gen.Select(
            Gen.OneOf<string>("A", "B", "C"),
            Gen.OneOf<string>("", "x", "localhost:5433", "db.example.com:5433", "redis://localhost:9000/0"),
            (k, v) => $"{k}={v}\n");
        var file = line.Array[0, 4].Select(string.Concat);
        Gen.Select(file, file, file).Sample((own, first, second) =>
        {
            var translator = new Translator(Ports);
            var set = EnvLayers.Decide(Source(own, first, second), translator);
            var instance = EnvPatch.Apply(DotEnvDocument.Parse(own), translator, set, "instance").Document.EffectiveValues();
            var layers = DotEnvDocument.Parse(first + second).EffectiveValues();
            var before = DotEnvDocument.Parse(own + first + second).EffectiveValues();

            // The process has the instance's values; what it lacks, the app reads from the layers itself.
            return before.All(v => (instance.GetValueOrDefault(v.Key) ?? layers[v.Key]) == translator.Translate(v.Value, ReaderPlace.HostApp).Text);
        }, iter: 2_000);
    }

    private static string Decide(string own, params string[] layers) =>
        Text(EnvLayers.Decide(Source(own, layers), new Translator(Ports)));

    private static EnvSource Source(string own, params string[] layers) =>
        new("app/.env", own) { Layers = [.. layers.Select(l => new EnvSource("app/.env.local", l))] };

    private static string Text(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('\n', pairs.Select(p => $"{p.Key}={p.Value}"));
}
