using CsCheck;
using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class FileDiffTests
{
    private static readonly Gen<string> Text = Gen.Int[0, 3].Select(i => $"l{i}\n").Array[0, 60].Select(string.Concat);

    [Fact]
    public void Shows_what_is_there_and_what_would_be_written_with_the_lines_around() => Assert.Equal(
        [
            "@@ -1,5 +1,4 @@", " A=1", "-B=mine", "-MINE=1", "+B=2", " C=1", " D=1",
        ],
        Between("A=1\nB=mine\nMINE=1\nC=1\nD=1", "A=1\nB=2\nC=1\nD=1").Lines);

    [Fact]
    public void Masks_both_sides() => Assert.Equal(
        ["@@ -1,1 +1,1 @@", "-KEY=***", "+KEY=***"], Between("KEY=a", "KEY=b").Lines);

    [Fact]
    public void Changes_far_from_each_other_stand_in_pieces_of_their_own()
    {
        var lines = Enumerable.Range(0, 30).Select(i => $"x{i}").ToList();
        var edited = string.Join('\n', lines.Select((l, i) => i is 2 or 25 ? "mine" : l));

        Assert.Equal(
            ["@@ -1,6 +1,6 @@", "@@ -23,7 +23,7 @@"],
            Between(edited, string.Join('\n', lines)).Lines.Where(l => l[0] == '@'));
    }

    [Fact]
    public void A_long_difference_is_cut_and_says_by_how_much()
    {
        var diff = Between("", string.Join('\n', Enumerable.Range(0, 100)));

        Assert.Equal((FileDiff.MostLines, 101 - FileDiff.MostLines), (diff.Lines.Count, diff.MoreLines));
    }

    [Fact]
    public void Ends_of_lines_alone_are_told_in_words() =>
        Assert.Equal(["  (only line endings differ)"], Between("a\r\nb\r\n", "a\nb\n").Lines);

    [Fact]
    public void Is_news_until_it_was_shown()
    {
        var first = Between("a", "b");

        Assert.True(first.IsNews);
        Assert.False(FileDiff.Between("f", "a", "b", first.Hash).IsNews);
        Assert.True(FileDiff.Between("f", "a", "c", first.Hash).IsNews);
        Assert.True(FileDiff.Between("f", "c", "b", first.Hash).IsNews);
    }

    [Fact]
    public void Says_by_its_numbers_how_many_lines_follow() => Gen.Select(Text, Text).Sample((found, wanted) =>
    {
        var diff = Between(found, wanted);
        if (found == wanted || diff.MoreLines > 0)
            return true;
        var (old, fresh) = (0, 0);
        foreach (var line in diff.Lines.Where(l => l[0] == '@'))
        {
            var parts = line.Split(' ', ',');
            old += int.Parse(parts[2]);
            fresh += int.Parse(parts[4]);
        }

        return old == diff.Lines.Count(l => l[0] is ' ' or '-') && fresh == diff.Lines.Count(l => l[0] is ' ' or '+');
    });

    private static FileDiff Between(string found, string wanted) => FileDiff.Between("f", found, wanted, null);
}
