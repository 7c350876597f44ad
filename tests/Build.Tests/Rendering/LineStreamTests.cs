using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class LineStreamTests
{
    [Fact]
    public async Task Writes_every_line_as_it_is_formatted()
    {
        var paper = Paper.File();

        var count = await LineStream.WriteAsync(Count(3), n => $"line {n}", paper.Output, TestContext.Current.CancellationToken);

        Assert.Equal(3, count);
        Assert.Equal("line 1\nline 2\nline 3\n", paper.Data);
    }

    [Fact]
    public async Task Ends_quietly_when_nobody_reads_any_longer()
    {
        var paper = Paper.File();
        var output = paper.Output with { IsAbandoned = () => paper.Data.Contains("line 2", StringComparison.Ordinal) };

        await LineStream.WriteAsync(Count(int.MaxValue), n => $"line {n}", output, TestContext.Current.CancellationToken);

        Assert.Equal("line 1\nline 2\n", paper.Data);
    }

    private static async IAsyncEnumerable<int> Count(int last)
    {
        for (var n = 1; n <= last; n++)
        {
            await Task.Yield();
            yield return n;
        }
    }
}
