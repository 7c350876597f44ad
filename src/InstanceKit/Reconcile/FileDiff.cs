using DiffPlex;
using DiffPlex.Model;

namespace InstanceKit.Reconcile;

/// <summary>How an edited file differs from what would be written, in unified format, with secrets masked.</summary>
/// <param name="File">The file's path, relative to the workspace.</param>
/// <param name="Lines">
/// The first lines: <c>@@</c> at the start of a hunk, then unchanged lines, removed ones (<c>-</c>: the existing file) and added ones
/// (<c>+</c>: the generated file).
/// </param>
/// <param name="MoreLines">How many further lines are omitted.</param>
/// <param name="Hash">Changes with either text.</param>
/// <param name="IsNews">Whether it has not been shown like this before.</param>
public sealed record FileDiff(string File, IReadOnlyList<string> Lines, int MoreLines, string Hash, bool IsNews)
{
    /// <summary>The most lines of one difference.</summary>
    public const int MostLines = 40;

    private const int Context = 3;

    /// <summary>Compares.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="found">The text it has.</param>
    /// <param name="wanted">The text that would be written.</param>
    /// <param name="shown">The hash of the difference that was last shown; <see langword="null"/> for none.</param>
    public static FileDiff Between(string file, string found, string wanted, string? shown)
    {
        var difference = Differ.Instance.CreateLineDiffs(found, wanted, ignoreWhitespace: false, ignoreCase: false);
        var lines = difference.DiffBlocks.Count == 0
            ? ["  (only line endings differ)"]
            : Write(difference, SecretMask.Apply(difference.PiecesOld), SecretMask.Apply(difference.PiecesNew)).ToList();
        var hash = ContentHash.Of(found, wanted);
        return new FileDiff(
            file, [.. lines.Take(MostLines)], Math.Max(0, lines.Count - MostLines), hash, hash != shown);
    }

    private static IEnumerable<string> Write(DiffResult difference, IReadOnlyList<string> old, IReadOnlyList<string> fresh)
    {
        foreach (var piece in Pieces(difference.DiffBlocks))
        {
            var (first, last) = (piece[0], piece[^1]);
            var from = Math.Max(0, first.DeleteStartA - Context);
            var to = Math.Min(old.Count, last.DeleteStartA + last.DeleteCountA + Context);
            var grown = piece.Sum(b => b.InsertCountB - b.DeleteCountA);
            yield return $"@@ -{from + 1},{to - from} +{from + 1 + first.InsertStartB - first.DeleteStartA},{to - from + grown} @@";
            var at = from;
            foreach (var block in piece)
            {
                for (; at < block.DeleteStartA; at++)
                    yield return $" {old[at]}";
                for (; at < block.DeleteStartA + block.DeleteCountA; at++)
                    yield return $"-{old[at]}";
                for (var i = 0; i < block.InsertCountB; i++)
                    yield return $"+{fresh[block.InsertStartB + i]}";
            }

            for (; at < to; at++)
                yield return $" {old[at]}";
        }
    }

    /// <summary>Blocks so near to each other that the lines around them meet stand in one piece.</summary>
    private static IEnumerable<List<DiffBlock>> Pieces(IEnumerable<DiffBlock> blocks)
    {
        var piece = new List<DiffBlock>();
        foreach (var block in blocks)
        {
            if (piece.Count > 0 && block.DeleteStartA - (piece[^1].DeleteStartA + piece[^1].DeleteCountA) > 2 * Context)
            {
                yield return piece;
                piece = [];
            }

            piece.Add(block);
        }

        yield return piece;
    }
}
