using System.Buffers;

namespace InstanceKit.Generation;

/// <summary>The ways to write one value. Which of them reads back depends on the lines around it.</summary>
internal static class DotEnvSpelling
{
    // What no loader and no shell gives a meaning of its own inside a bare value.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-?");

    /// <summary>The ways to write the value, best first; the document takes the first that reads back.</summary>
    /// <param name="value">The value to write.</param>
    /// <param name="old">How the entry's value is written now; empty for a new line.</param>
    /// <param name="newline">The line end of the document.</param>
    public static IEnumerable<string> Of(string value, string old, string newline)
    {
        var plain = value.AsSpan().IndexOfAnyExcept(Plain) < 0;
        var kept = DotEnvValue.QuotingOf(old);
        var keeps = old.Length > 0 && (IsClean(value, kept) || !IsClean(DotEnvValue.Decode(old), kept));
        if (keeps) yield return Write(value, kept, newline, spansLines: old.AsSpan().IndexOfAny('\r', '\n') >= 0);
        if (plain) yield return value;

        // Some loaders expand $NAME between double quotes; a new line should mean what it says.
        DotEnvQuoting[] quotings = value.Contains('$', StringComparison.Ordinal)
            ? [DotEnvQuoting.SingleQuotes, DotEnvQuoting.DoubleQuotes, DotEnvQuoting.Backticks]
            : [DotEnvQuoting.DoubleQuotes, DotEnvQuoting.SingleQuotes, DotEnvQuoting.Backticks];
        foreach (var quoting in quotings)
            if (IsClean(value, quoting)) yield return Write(value, quoting, newline, spansLines: false);
        foreach (var quoting in quotings) yield return Write(value, quoting, newline, spansLines: false);
        yield return value;

        // A value that ends in a backslash reaches for a later quote; one in a comment right behind it stops that.
        foreach (var quoting in quotings)
        {
            var written = Write(value, quoting, newline, spansLines: false);
            yield return $"{written} #{written[0]}.";
        }
    }

    /// <summary>Whether loaders agree on the spelling: npm's dotenv alone allows a quote inside the same quotes.</summary>
    private static bool IsClean(string value, DotEnvQuoting quoting) => quoting switch
    {
        DotEnvQuoting.Bare => value.Length == 0 || !DotEnvText.IsQuote(value[0]),
        _ => !value.Contains(Mark(quoting), StringComparison.Ordinal),
    };

    private static char Mark(DotEnvQuoting quoting) => quoting switch
    {
        DotEnvQuoting.SingleQuotes => '\'',
        DotEnvQuoting.DoubleQuotes => '"',
        _ => '`',
    };

    private static string Write(string value, DotEnvQuoting quoting, string newline, bool spansLines)
    {
        if (quoting == DotEnvQuoting.Bare) return value;
        if (quoting == DotEnvQuoting.DoubleQuotes)
        {
            value = value.Replace("\r", "\\r", StringComparison.Ordinal);
            if (!spansLines) newline = "\\n";
        }

        var mark = Mark(quoting);
        return $"{mark}{value.Replace("\n", newline, StringComparison.Ordinal)}{mark}";
    }
}
