using Xunit;

namespace Build.Tests.Completion;

/// <summary>The script for zsh, in a zsh at a pseudo-terminal, whose line is read after the tab key.</summary>
public sealed class ZshCompletionTests : IDisposable
{
    private readonly CompletionPlace _place = new();

    [Theory]
    [InlineData("./build.sh Statu", "./build.sh Status ")]
    [InlineData("./build.sh statu", "./build.sh Status ")]
    [InlineData("./build.sh Logs --fol", "./build.sh Logs --follow ")]
    [InlineData("b Logs --fol", "b Logs --follow ")]
    [InlineData("b Logs --since 2026-01-01T10:00 --fol", "b Logs --since 2026-01-01T10:00 --follow ")]
    [InlineData(@"b Logs --workspace my\ shop --instance 4 --only redis,b", @"b Logs --workspace my\ shop --instance 4 --only redis,backend ")]
    [InlineData("b Logs --workspace 'my shop' --instance 4", "b Logs --workspace 'my shop' --instance 4 ")]
    [InlineData(@"b Up --workspace my\ s", @"b Up --workspace my\ shop/")]
    [InlineData("./other/build.sh Statu", "./other/build.sh Statu")]
    public async Task The_line_after_the_tab_key(string line, string expected)
    {
        await _place.PrepareAsync("zsh");
        _place.Write("setup", """
            PS1='% '; unset zle_bracketed_paste; unsetopt beep
            autoload -Uz compinit; compinit -u -D
            source ./completion
            b() { : }; compdef _shipsec_build b
            show() { zle -I; print -r -- "[$BUFFER]"; BUFFER= }
            zle -N show; bindkey '^P' show
            print 'set' 'up'
            """);
        _place.Write("line", line);
        var lines = await _place.RunAsync("zsh", """
            zmodload zsh/zpty
            zpty shell 'TERM=dumb zsh -f -i'
            zpty -w shell 'source ./setup'
            zpty -r -m shell text '*set up*'
            zpty -w -n shell "$(<line)"$'\t\x10'
            zpty -r -m shell text '*[[]*[]]*'
            print -r -- "${${${text//$'\r'/}##*[[]}%%[]]*}]"
            zpty -d shell
            """);

        Assert.Equal(expected + "]", lines[^1]);
        Assert.False(_place.WasOtherRun);
    }

    public void Dispose() => _place.Dispose();
}
