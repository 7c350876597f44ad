using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("\e[31mred\e[0m", "\e[31mred\e[0m", "red")]
    [InlineData("\e[38;5;200mpink\e[m", "\e[38;5;200mpink\e[m", "pink")]
    [InlineData("\e[2J\e[Hcleared", "cleared", "cleared")]
    [InlineData("\ecreset", "reset", "reset")]
    [InlineData("\e]0;title\atext", "text", "text")]
    [InlineData("\e]8;;http://x\e\\link\e]8;;\e\\", "link", "link")]
    [InlineData("\e[1A\e[2Kup", "up", "up")]
    [InlineData("\e[?25lhidden", "hidden", "hidden")]
    [InlineData("10%\r50%\r100%", "100%", "100%")]
    [InlineData("windows\r", "windows", "windows")]
    [InlineData("bell\a\b", "bell", "bell")]
    [InlineData("a\tb", "a\tb", "a\tb")]
    [InlineData("broken \e", "broken ", "broken ")]
    [InlineData("\u009b2Jcleared", "2Jcleared", "2Jcleared")]
    [InlineData("\u202egnp.exe", "gnp.exe", "gnp.exe")]
    [InlineData("\e[>4;2mkeys", "keys", "keys")]
    [InlineData("\ePq#0\e\\x", "q#0x", "q#0x")]
    [InlineData("größer – 漢字", "größer – 漢字", "größer – 漢字")]
    public void Keeps_colors_at_most_and_nothing_that_moves_the_cursor(string line, string colored, string plain)
    {
        Assert.Equal(colored, LogText.Clean(line, keepsColors: true));
        Assert.Equal(plain, LogText.Clean(line, keepsColors: false));
    }

    [Theory]
    [InlineData("a\nb\tc", "a\nb\tc", "a b\tc")]
    [InlineData("\e]0;owned\a\e[2J\e[31mred\r\u0085", "red", "red")]
    public void Errors_and_tables_repeat_nothing_but_text(string text, string plain, string piece)
    {
        Assert.Equal(plain, LogText.Plain(text));
        Assert.Equal(piece, LogText.Piece(text));
    }
}
