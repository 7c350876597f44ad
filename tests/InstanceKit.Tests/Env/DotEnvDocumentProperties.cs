using CsCheck;
using InstanceKit.Env;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Env;

public sealed class DotEnvDocumentProperties
{
    private const int Iterations = 3_000;

    [Fact]
    public void Any_text_is_printed_as_it_was_read() =>
        DotEnvGen.Text.Sample(text => DotEnvDocument.Parse(text).ToString() == text, iter: Iterations);

    [Fact]
    public void A_changed_value_is_read_back_and_nothing_else_changes() =>
        Gen.Select(DotEnvGen.WellFormed, DotEnvGen.Key, DotEnvGen.Value).Sample((text, key, value) =>
        {
            var before = DotEnvDocument.Parse(text);
            if (Changed(before, key, value) is not { } after)
            {
                Assert.False(CanBeWritten(value), $"refused: {value}");
                return;
            }

            Assert.Equal(value, after[key]);
            Assert.Equal(Without(before, key), Without(after, key));
        }, iter: Iterations);

    [Fact]
    public void In_any_text_a_change_is_right_or_refused() =>
        Gen.Select(DotEnvGen.Text, DotEnvGen.Key, DotEnvGen.Value).Sample((text, key, value) =>
        {
            var before = DotEnvDocument.Parse(text);
            if (Changed(before, key, value) is not { } after) return;
            Assert.Equal(value, after[key]);
            Assert.Equal(Without(before, key), Without(after, key));
        }, iter: Iterations);

    [Fact]
    public void A_change_keeps_every_character_outside_the_value() =>
        Gen.Select(DotEnvGen.WellFormed, DotEnvGen.Value).Sample((text, value) =>
        {
            var before = DotEnvDocument.Parse(text);
            if (before.Entries.Count == 0 || Changed(before, before.Entries[^1].Key, value) is not { } after) return;
            var changed = after.ToString();
            var prefix = text.Zip(changed).TakeWhile(pair => pair.First == pair.Second).Count();
            var suffix = text.Reverse().Zip(changed.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.True(prefix >= before.Entries[^1].Start || changed == text, "something before the value changed");
            Assert.True(text.Length - suffix <= before.Entries[^1].End || changed == text, "something behind it changed");
        }, iter: Iterations);

    [Fact]
    public void Writing_a_block_twice_is_writing_it_once() =>
        Gen.Select(DotEnvGen.Text, Gen.Select(DotEnvGen.Key, DotEnvGen.Value, KeyValuePair.Create).Array[0, 4])
            .Sample((text, pairs) =>
            {
                try
                {
                    var once = DotEnvDocument.Parse(text).WithBlock("block", pairs);
                    Assert.Equal(once.ToString(), once.WithBlock("block", pairs).ToString());
                }
                catch (InstanceKitException refused)
                {
                    Assert.Equal(ExitCode.Usage, refused.ExitCode);
                }
            }, iter: Iterations);

    private static DotEnvDocument? Changed(DotEnvDocument document, string key, string value)
    {
        try
        {
            return document.With(key, value);
        }
        catch (InstanceKitException refused)
        {
            Assert.Equal(ExitCode.Usage, refused.ExitCode);
            return null;
        }
    }

    /// <summary>The entries but for the key's last one, which is the one that a change may touch.</summary>
    private static List<(string, string)> Without(DotEnvDocument document, string key)
    {
        var entries = document.Entries.Select(entry => (entry.Key, entry.Value)).ToList();
        var last = entries.FindLastIndex(entry => entry.Key == key);
        if (last >= 0) entries.RemoveAt(last);
        return entries.Where(entry => entry.Key != key || last >= 0).ToList();
    }

    /// <summary>Whether the format has a way to write the value on a line of its own, stated apart from the code.</summary>
    private static bool CanBeWritten(string value)
    {
        var lineEnds = value.AsSpan().IndexOfAny('\r', '\n') >= 0;
        var comment = value.Contains('#', StringComparison.Ordinal);
        var escapes = value.Contains("\\n", StringComparison.Ordinal) || value.Contains("\\r", StringComparison.Ordinal);
        var literal = !value.Contains('\r', StringComparison.Ordinal);
        return Fits('\'', literal) || Fits('`', literal) || Fits('"', !escapes)
            || (!comment && (!escapes || !lineEnds));

        bool Fits(char quote, bool holdsText) => holdsText
            && !value.Where((c, i) => c == quote && (i == 0 || value[i - 1] != '\\')).Any();
    }
}
