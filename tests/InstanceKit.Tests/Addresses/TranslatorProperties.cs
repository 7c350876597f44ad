using CsCheck;
using InstanceKit.Addresses;
using Xunit;

namespace InstanceKit.Tests.Addresses;

/// <summary>What holds for every text, whoever reads it.</summary>
public sealed class TranslatorProperties
{
    private static readonly int[] Bases = [1433, 3306, 4000, 5432, 5433, 5533, 6379, 8080, 9000, 9100, 27017];

    /// <summary>Instance 1, where some results are base ports again.</summary>
    private static readonly PortMap Moved = PortMap.Of(Bases.Select(p => KeyValuePair.Create(p, p + 100)));
    private static readonly PortMap Same = PortMap.Of(Bases.Select(p => KeyValuePair.Create(p, p)));

    private static readonly Gen<string> Piece = Gen.OneOf<string>(
        "localhost", "127.0.0.1", "[::1]", "0.0.0.0", "acme.localhost", "acme.lvh.me", "host.docker.internal", "Server=localhost;Database=x;", "172.17.0.1", "db.example.com", "10.0.0.5",
        ":5433", ":5533", ":6379", ":9000", ",1433", ":${P:-5433}", "5433", "9000", "http://", "postgres://", "redis://", "amqp://u:p@", "tcp(", ")",
        "host=", " port=", "Host=", ";Port=", "Server=", "{\"host\":\"", "\",\"port\":", "}", "/", " ", "\n", ",", ";", "\"", "'", "--port ", "-p ",
        "user", "=", "@", "%3A", "#", "acme-db", "acme_net", "é", "$");

    private static readonly Gen<string> Text = Piece.Array[0, 12].Select(string.Concat);

    private static readonly Gen<ReaderPlace> Place = Gen.Enum<ReaderPlace>();

    private static readonly Gen<string> Name = Gen.OneOf<string>(
        "", "URL", "DB_PORT", "PGPORT", "REDIS_URL", "PUBLIC_URL", "LISTEN", "DOCKER_NETWORK", "CONTAINER", "--advertise");

    private static readonly StackName[] Names =
        [new(StackNameKind.Container, "acme-db", "acme-dev-1-db-1"), new(StackNameKind.Network, "acme_net", "acme-dev-1_net")];

    [Fact]
    public void Instance_0_is_the_workspace_as_written() => Gen.Select(Text, Place, Name).Sample(
        (text, place, name) => ReferenceEquals(text, For(Same, []).Translate(text, place, name, new Dictionary<string, string>()).Text), iter: 10_000);

    [Fact]
    public void A_text_without_a_translated_mention_stays() => Gen.Select(Text, Place, Name).Sample((text, place, name) =>
    {
        var translation = For(Moved, Names).Translate(text, place, name, new Dictionary<string, string>());
        return translation.Mentions.Any(m => m.Decision == MentionDecision.Translated) != ReferenceEquals(text, translation.Text);
    }, iter: 10_000);

    [Fact]
    public void Only_ports_of_the_plan_and_names_of_the_instance_are_written() => Gen.Select(Text, Place, Name).Sample((text, place, name) =>
    {
        foreach (var mention in For(Moved, Names).Translate(text, place, name, new Dictionary<string, string>()).Mentions)
        {
            if (mention.Decision != MentionDecision.Translated)
                Assert.NotNull(mention.Reason);
            else if (mention.Form == MentionForm.Name)
                Assert.Contains(Names, n => n.Old == mention.What && n.New == mention.To);
            else
                Assert.Equal(Moved.Translate(PortOf(mention.What)), PortOf(mention.To!));
        }
    }, iter: 10_000);

    [Fact]
    public void Nothing_is_translated_twice() => Gen.Select(Text, Name).Sample((text, name) =>
    {
        var translation = For(Moved, []).Translate(text, ReaderPlace.HostApp, name, new Dictionary<string, string>());

        Assert.All(translation.Mentions.Where(m => m.Decision == MentionDecision.Translated), m => Assert.Equal(PortOf(m.What) + 100, PortOf(m.To!)));
        Assert.All(translation.Mentions.Where(m => m.Form != MentionForm.Empty), m => Assert.StartsWith(
            m.What[..(m.What.LastIndexOf(':') is > 0 and var colon ? colon : m.What.Length)], text[m.Position..], StringComparison.Ordinal));
        Assert.Equal(translation.Mentions.Count, translation.Mentions.Select(m => (m.Position, m.Form, m.What)).Distinct().Count());
    }, iter: 10_000);

    [Fact]
    public void Words_of_a_command_stay_as_many() => Text.Array[1, 6].Sample(
        words => For(Moved, Names).Words(words).Count == words.Length, iter: 5_000);

    [Fact]
    public async Task Hostile_texts_take_linear_time()
    {
        string[] pieces =
        [
            "host=localhost ", "port=5433 ", "{\"host\":\"localhost\",", "host: localhost\n", "postgres://u@", "a.localhost", ".localhost:5433", "${P:-", "localhost:${P:-5433}",
            "localhost,", "tcp(localhost", "Server=localhost;", "--port 5433 ", "acme-db", "host=localhost port=5433 ", "Host=", "a_host=localhost a_port=",
        ];
        foreach (var piece in pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, 20_000));
            var limit = TestContext.Current.CancellationToken;
            await Task.Run(() => For(Moved, Names).Translate(text, ReaderPlace.ContainerFile), limit).WaitAsync(TimeSpan.FromSeconds(20), limit);
        }
    }

    private static Translator For(PortMap ports, IReadOnlyList<StackName> names) =>
        new Translator(ports, names: names).ForService([9000], [9000, 8080], ["gateway"], asksEngine: true);

    private static int PortOf(string what) => int.Parse(what[(what.LastIndexOf(':') + 1)..]);
}
