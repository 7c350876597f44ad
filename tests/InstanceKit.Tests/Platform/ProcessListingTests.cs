using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class ProcessListingTests
{
    [Fact]
    public void Stat_line_is_read_past_a_name_with_spaces_and_parentheses()
    {
        var entry = ProcStat.Parse(
            "7546 (PM2 (v7) God) S 1 7546 7546 0 -1 4194304 8213 0 0 0 25 4 7 8 20 0 11 0 72345 1158144 15000 184467 1 1 0");

        Assert.Equal(
            new ProcessEntry(7546, 1, 72345, "PM2 (v7) God") { Cpu = TimeSpan.FromSeconds(0.29), Memory = 15000L * Environment.SystemPageSize },
            entry);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12 (sh")]
    [InlineData("12 (sh) S 1 12")]
    [InlineData("12 (sh) Z 1 12 12 0 -1 4194304 8213 0 0 0 25 4 0 0 20 0 1 0 72345 0 0")]
    public void Stat_line_of_a_zombie_or_of_another_form_is_nothing(string stat) => Assert.Null(ProcStat.Parse(stat));

    [Fact]
    public void A_zombie_whose_threads_still_end_has_not_ended() =>
        Assert.NotNull(ProcStat.Parse("12 (sh) Z 1 12 12 0 -1 4194304 8213 0 0 0 25 4 0 0 20 0 3 0 72345 0 0"));

    [Fact]
    public void Ps_output_is_read_without_zombies()
    {
        var entries = PsListing.Parse(
            """
              501     1 Ss   Tue Nov 24 22:50:19 2026 /usr/local/bin/node
              777   501 S+   Wed Nov  4 02:05:09 2026 /Applications/My App/helper
              778   501 Z    Wed Nov  4 02:05:09 2026 (gone)
            some other line
            """);

        Assert.Equal([(501, 1, "node"), (777, 501, "helper")], entries.Select(e => (e.Pid, e.ParentPid, e.Command)));
        Assert.Equal(new DateTimeOffset(2026, 11, 4, 2, 5, 9, TimeSpan.Zero).ToUnixTimeSeconds(), entries[1].StartMark);
    }

    [Fact]
    public void A_marker_is_found_as_a_whole_word_behind_the_command_only()
    {
        const string output = """
              10 node app.js HOME=/root INSTANCEKIT_OWNER=abc-1 PORT=1
              11 node app.js INSTANCEKIT_OWNER=abc-12
              12 INSTANCEKIT_OWNER=abc-1
              13 node XINSTANCEKIT_OWNER=abc-1
            """;

        Assert.Equal([10], PsListing.PidsWithWord(output, "INSTANCEKIT_OWNER=abc-1"));
    }

    [Fact]
    public void Descendants_come_parents_first_and_survive_a_circle()
    {
        var tree = new ProcessTree(
        [
            new(1, 0, 1, "init"), new(10, 1, 2, "god"), new(11, 10, 3, "npm"), new(12, 11, 4, "sh"),
            new(13, 12, 5, "vite"), new(14, 10, 6, "worker"), new(20, 21, 7, "a"), new(21, 20, 7, "b"),
        ]);

        Assert.Equal([11, 14, 12, 13], tree.Descendants(10).Select(p => p.Pid));
        Assert.Equal([12, 11, 10, 1], tree.Ancestors(13).Select(p => p.Pid));
        Assert.Equal([21], tree.Descendants(20).Select(p => p.Pid));
        Assert.True(tree.IsWithin(13, 11));
        Assert.True(tree.IsWithin(11, 11));
        Assert.False(tree.IsWithin(14, 11));
        Assert.Empty(tree.Descendants(999));
    }
}
