using System.Text.RegularExpressions;
using InstanceKit;

namespace Requests;

/// <summary>The word after <c>--grep</c>.</summary>
internal static class GrepWord
{
    // A pattern that takes longer on one line is one of those that take for ever on some.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads the word: a regular expression; nothing stands for every line.</summary>
    /// <exception cref="InstanceKitException">It is no regular expression.</exception>
    public static Regex? Parse(string? word)
    {
        try
        {
            return string.IsNullOrEmpty(word) ? null : new Regex(word, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException e)
        {
            throw InstanceKitException.Usage(
                $"--grep '{word}' is no regular expression: {e.Message.TrimEnd('.')}.", @"Put a backslash before a sign that is meant itself: \[ \( \. \*");
        }
    }
}
