using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>A table of cases and what comes of them, where <c>*</c> stands for anything and <c>|</c> for "or".</summary>
/// <remarks>Its rows must not overlap and must leave out no case: so it is read in any order.</remarks>
internal sealed class CaseTable(string text)
{
    private readonly (string[] Cells, string Result)[] _rows =
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(ReadRow)];

    /// <summary>What the one row says that fits these words; fails when none or several do.</summary>
    public string ResultOf(params string[] words)
    {
        var fitting = _rows.Where(r => r.Cells.Zip(words).All(c => c.First == "*" || c.First.Split('|').Contains(c.Second))).ToList();
        Assert.True(fitting.Count == 1, $"{fitting.Count} rows fit '{string.Join(' ', words)}'");
        return fitting[0].Result;
    }

    private static (string[] Cells, string Result) ReadRow(string line)
    {
        var arrow = line.IndexOf("->", StringComparison.Ordinal);
        return (line[..arrow].Split(' ', StringSplitOptions.RemoveEmptyEntries), line[(arrow + 2)..].Trim());
    }
}
