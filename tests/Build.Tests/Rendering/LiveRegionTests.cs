using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class LiveRegionTests : IDisposable
{
    private readonly StringWriter _terminal = new() { NewLine = "\n" };
    private (int Width, int Height) _size = (20, 5);

    [Fact]
    public void A_frame_is_drawn_over_the_one_before()
    {
        using var region = LiveRegion.Begin(_terminal, () => _size);
        region.Draw((_, _) => [Line("one"), Line("two")]);
        var before = _terminal.ToString();
        region.Draw((_, _) => [Line("three")]);

        Assert.Equal("\e[?25l\r\r\e[2Kone\n\r\e[2Ktwo\n\e[J", before);
        Assert.Equal("\r\e[2A\r\e[2Kthree\n\e[J", _terminal.ToString()[before.Length..]);
    }

    [Fact]
    public void Lines_that_the_terminal_has_folded_since_are_counted_as_they_are_now()
    {
        using var region = LiveRegion.Begin(_terminal, () => _size);
        region.Draw((_, _) => [Line(new string('x', 20)), Line("two"), Line("")]);
        _size = (8, 5);
        var before = _terminal.ToString().Length;
        region.Draw((_, _) => [Line(new string('x', 20))]);

        // Three rows of 20 columns in eight, one, and one for the empty line.
        Assert.Equal("\r\e[5A\r\e[2Kxxxxxxx\e[90m…\e[0m\n\e[J", _terminal.ToString()[before..]);
    }

    [Fact]
    public void Rows_that_a_lower_terminal_pushed_out_are_drawn_over_when_it_is_higher_again()
    {
        using var region = LiveRegion.Begin(_terminal, () => _size);
        region.Draw((_, rows) => Enumerable.Range(0, rows).Select(i => Line($"{i}")));
        _size = (20, 3);
        region.Draw((_, rows) => Enumerable.Range(0, rows).Select(i => Line($"{i}")));
        _size = (20, 4);
        var before = _terminal.ToString().Length;
        region.Draw((_, _) => [Line("one row of two is back")]);
        _size = (20, 9);
        region.Draw((_, _) => [Line("and the other")]);

        Assert.Equal(
            "\r\e[3A\r\e[2Kone row of two is b\e[90m…\e[0m\n\e[J\r\e[2A\r\e[2Kand the other\n\e[J",
            _terminal.ToString()[before..]);
    }

    [Fact]
    public void What_is_higher_than_the_terminal_is_cut_and_the_drawer_knows_how_high_it_is()
    {
        using var region = LiveRegion.Begin(_terminal, () => _size);
        var seen = (0, 0);
        region.Draw((width, rows) =>
        {
            seen = (width, rows);
            return Enumerable.Range(0, 9).Select(i => Line($"{i}"));
        });

        Assert.Equal((20, 4), seen);
        Assert.Equal(4, _terminal.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public void The_same_frame_is_not_drawn_twice_unless_the_terminal_has_changed()
    {
        using var region = LiveRegion.Begin(_terminal, () => _size);
        region.Draw((_, _) => [Line("one")]);
        var before = _terminal.ToString().Length;
        region.Draw((_, _) => [Line("one")]);
        Assert.Equal(before, _terminal.ToString().Length);

        _size = (30, 5);
        region.Draw((_, _) => [Line("one")]);
        Assert.NotEqual(before, _terminal.ToString().Length);
    }

    [Fact]
    public void At_the_end_the_lines_stay_what_the_terminal_wrote_behind_them_goes_and_the_cursor_is_back()
    {
        var region = LiveRegion.Begin(_terminal, () => _size);
        region.Draw((_, _) => [Line("one")]);
        region.Dispose();
        Assert.EndsWith("one\n\e[J\r\e[J\e[?25h", _terminal.ToString(), StringComparison.Ordinal);

        region.Dispose();
        Assert.EndsWith("one\n\e[J\r\e[J\e[?25h", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_screen_of_its_own_is_drawn_from_its_first_row_and_left_at_the_end()
    {
        var region = LiveRegion.BeginScreen(_terminal, () => _size);
        region.Draw((_, _) => [Line("one")]);
        region.Draw((_, _) => [Line("two")]);
        region.Dispose();

        Assert.Equal("\e[?1049h\e[?25l\e[H\r\e[2Kone\n\e[J\e[H\r\e[2Ktwo\n\e[J\e[?1049l\e[?25h", _terminal.ToString());
    }

    [Fact]
    public async Task What_was_seen_last_stays_in_the_terminal()
    {
        var surface = new Surface(_terminal, new SurfaceTraits(20, 5, HasColors: false, IsLive: true));

        await LiveView.ShowAsync(
            new[] { "one", "two" }.ToAsyncEnumerable(), (traits, value) => [Line($"{value} {traits.Width}")], surface,
            TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.EndsWith("\e[?1049l\e[?25htwo 20\n", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_lines_than_rows_are_counted_in_the_last_one()
    {
        var lines = Enumerable.Range(0, 9).Select(i => Line($"{i}")).ToList();

        Assert.Equal(["0", "1", "… 7 more lines"], LiveView.Fit(lines, 3).Select(l => l.ToString()));
        Assert.Equal(9, LiveView.Fit(lines, 9).Count());
    }

    public void Dispose() => _terminal.Dispose();

    private static InkLine Line(string text) => new((text, Ink.Plain));
}
