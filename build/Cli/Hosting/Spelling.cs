namespace Cli.Hosting;

/// <summary>How far a mistyped word is from a known one.</summary>
internal static class Spelling
{
    /// <summary>The largest distance at which a suggestion still helps.</summary>
    public static int Limit(string word) => word.Length switch { <= 4 => 1, <= 6 => 2, _ => 3 };

    /// <summary>The number of letters to insert, remove or replace (Levenshtein), without case; 0 for a known beginning.</summary>
    public static int Distance(string word, string known)
    {
        if (word.Length > 0 && known.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            return 0;
        var row = Enumerable.Range(0, known.Length + 1).ToArray();
        for (var i = 1; i <= word.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= known.Length; j++)
            {
                var same = char.ToUpperInvariant(word[i - 1]) == char.ToUpperInvariant(known[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
