using Xunit;

namespace Build.Tests.Completion;

/// <summary>The script for bash, whose function is called as readline calls it.</summary>
public sealed class BashCompletionTests : IDisposable
{
    private readonly CompletionPlace _place = new();

    [Theory]
    [InlineData("./build.sh U", "./build.sh|U", "Up|UseInstance")]
    [InlineData("./build.sh ", "./build.sh|", "Up|Down|Clean", 3)]
    [InlineData("./build.sh Logs --ta", "./build.sh|Logs|--ta", "--tail|--target")]
    [InlineData("'./build.sh' Logs --fo", "'./build.sh'|Logs|--fo", "--follow")]
    [InlineData("b Logs --fo", "b|Logs|--fo", "--follow")]
    [InlineData("b Logs --since 2026-01-01T10:00 --fo", "b|Logs|--since|2026-01-01T10|:|00|--fo", "--follow")]
    [InlineData(@"b Logs --workspace my\ shop --instance ", @"b|Logs|--workspace|my\ shop|--instance|", "4|all|auto")]
    [InlineData("b Logs --workspace 'my shop' --only redis,b", "b|Logs|--workspace|'my shop'|--only|redis,b", "redis,backend")]
    [InlineData(@"b Up --workspace my\ s", @"b|Up|--workspace|my\ s", "my shop")]
    [InlineData("b Up --workspace \"my s", "b|Up|--workspace|\"my s", "my shop")]
    [InlineData("b Up --workspace c:d", "b|Up|--workspace|c|:|d", "deep")]
    [InlineData("b Up --workspace $(touch${IFS}evil) ", "b|Up|--workspace|$(touch${IFS}evil)|", "--instance", 1)]
    [InlineData("./other/build.sh U", "./other/build.sh|U", "")]
    [InlineData("./nowhere/build.sh U", "./nowhere/build.sh|U", "")]
    public async Task Words_that_fit(string line, string words, string expected, int first = int.MaxValue)
    {
        await _place.PrepareAsync("bash");
        Directory.CreateDirectory(_place.PathOf("c:deep"));
        var quoted = string.Join(' ', words.Split('|').Select(Quote));
        var lines = await _place.RunAsync("bash", $"""
            set -u
            source ./completion
            COMP_LINE={Quote(line)} COMP_POINT={line.Length} COMP_WORDS=({quoted})
            COMP_CWORD=$((${"{#COMP_WORDS[@]}"} - 1))
            _shipsec_build "${"{COMP_WORDS[0]}"}" "" ""
            printf '%s\n' ${"{COMPREPLY[@]+\"${COMPREPLY[@]}\"}"}
            """);

        Assert.Equal(expected, string.Join('|', lines.Take(first)));
        Assert.False(_place.WasOtherRun);
        Assert.False(File.Exists(_place.PathOf("evil")));
    }

    [Fact]
    public async Task It_is_registered_for_build_sh_wherever_that_is()
    {
        await _place.PrepareAsync("bash");
        Assert.Equal(["complete -F _shipsec_build build.sh"], await _place.RunAsync("bash", "source ./completion; complete -p build.sh"));
    }

    public void Dispose() => _place.Dispose();

    private static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
