using CsCheck;
using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Models;
using InstanceKit.Setup;
using InstanceKit.Tests.Env;
using Xunit;

namespace InstanceKit.Tests.Setup;

public sealed class EnvPatchProperties
{
    private static readonly PortMap Identity = PortMap.Of([new(5433, 5433), new(9000, 9000), new(6379, 6379)]);
    private static readonly PortMap Ports = PortMap.Of([new(5433, 5533), new(9000, 9100), new(6379, 6479)]);

    private static readonly Gen<KeyValuePair<string, string>[]> Set = Gen.Select(
        DotEnvGen.Key, Gen.OneOf<string>("n-1", "5533", "redis://localhost:6479", "a b"), KeyValuePair.Create).Array[0, 3];

    [Fact]
    public void Without_other_ports_and_values_any_text_stays() =>
        DotEnvGen.Text.Sample(text =>
            EnvPatch.Apply(DotEnvDocument.Parse(text), new Translator(Identity), [], "block").Document.ToString() == text, iter: 3_000);

    [Fact]
    public void Lines_that_are_not_named_stay_byte_by_byte() =>
        Gen.Select(DotEnvGen.WellFormed, Set).Sample((text, set) =>
        {
            var source = DotEnvDocument.Parse(text);
            var result = EnvPatch.Apply(source, new Translator(Ports), set, "block");
            var before = text.Split('\n');
            var after = result.Document.ToString().Split('\n');
            var named = result.Changes.Where(change => change.Cause != EnvCause.Added).ToDictionary(change => change.Line);

            // Two generated lines are one value, the second of which is not named by the line of the key.
            for (var line = 1; line < before.Length; line++)
                if (!named.ContainsKey(line) && !before[line - 1].StartsWith("second", StringComparison.Ordinal)
                    && Lines(result.Document) == Lines(source))
                    Assert.Equal(before[line - 1], after[line - 1]);
            Assert.All(named.Values, change => Assert.NotEqual(change.From, change.To));
            Assert.Equal(result.Changes.Count == 0, result.Document.ToString() == text);

            static int Lines(DotEnvDocument document) => document.Entries.Sum(entry => entry.Value.Count(c => c == '\n'));
        }, iter: 3_000);

    [Fact]
    public void Every_value_is_as_the_changes_say() =>
        Gen.Select(DotEnvGen.WellFormed, Set).Sample((text, set) =>
        {
            var source = DotEnvDocument.Parse(text);
            var result = EnvPatch.Apply(source, new Translator(Ports), set, "block");
            var added = result.Changes.Where(change => change.Cause == EnvCause.Added).ToList();

            Assert.Equal(source.Entries.Count + added.Count, result.Document.Entries.Count);
            Assert.All(result.Changes, change => Assert.Contains(result.Document.Entries,
                entry => entry.Key == change.Key && entry.Line == change.Line && entry.Value == change.To));
            foreach (var (key, value) in set.GroupBy(pair => pair.Key).Select(group => group.Last()))
                Assert.All(
                    result.Document.Entries.Where(entry => entry.Key == key), entry => Assert.Equal(value, entry.Value));
        }, iter: 3_000);

    [Fact]
    public void Setting_again_what_is_set_changes_nothing() =>
        Gen.Select(DotEnvGen.WellFormed, Set).Sample((text, set) =>
        {
            var once = EnvPatch.Apply(DotEnvDocument.Parse(text), new Translator(Ports), set, "block").Document;
            return ReferenceEquals(once, EnvPatch.Apply(once, new Translator(Identity), set, "block").Document);
        }, iter: 3_000);
}
