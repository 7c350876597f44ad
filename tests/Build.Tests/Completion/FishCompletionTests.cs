using Xunit;

namespace Build.Tests.Completion;

/// <summary>The script for fish, asked by <c>complete -C</c> as by the key.</summary>
public sealed class FishCompletionTests : IDisposable
{
    private readonly CompletionPlace _place = new();

    [Theory]
    [InlineData("./build.sh U", "Up|UseInstance")]
    [InlineData("./build.sh ", "Up|Down|Clean", 3)]
    [InlineData("./build.sh Logs --ta", "--tail|--target")]
    [InlineData("b Logs --fo", "--follow")]
    [InlineData("b Logs --since 2026-01-01T10:00 --fo", "--follow")]
    [InlineData(@"b Logs --workspace my\ shop --instance ", "4|all|auto")]
    [InlineData("b Logs --workspace 'my shop' --only redis,b", "redis,backend")]
    [InlineData(@"b Up --workspace my\ s", "my shop/")]
    [InlineData("./other/build.sh U", "")]
    [InlineData("./nowhere/build.sh U", "")]
    public async Task Words_that_fit(string line, string expected, int first = int.MaxValue)
    {
        await _place.PrepareAsync("fish");
        var lines = await _place.RunAsync("fish", $"""
            source ./completion
            complete -c b -f -k -a '(_shipsec_build)'
            complete -C '{line.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'
            """);

        Assert.Equal(expected, string.Join('|', lines.Take(first).Select(one => one.Split('\t')[0])));
        Assert.False(_place.WasOtherRun);
    }

    [Fact]
    public async Task Each_word_is_explained()
    {
        await _place.PrepareAsync("fish");
        Assert.Equal(
            ["--follow\tKeeps following the logs until Ctrl-C."],
            await _place.RunAsync("fish", "source ./completion; complete -C './build.sh Logs --fo'"));
    }

    public void Dispose() => _place.Dispose();
}
