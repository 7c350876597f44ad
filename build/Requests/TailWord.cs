using System.Globalization;
using InstanceKit;

namespace Requests;

/// <summary>The word after <c>--tail</c>: a number of lines, or <c>all</c>.</summary>
internal static class TailWord
{
    /// <summary>How many of the last lines of each source are shown where nothing is said.</summary>
    public const int Default = 100;

    /// <summary>Reads the word.</summary>
    /// <param name="word">The word; <see langword="null"/> for nothing.</param>
    /// <param name="isLimited">Whether <c>--since</c> or <c>--grep</c> says which lines are meant, so that no default may cut them short.</param>
    /// <returns>A number of lines, 0 or more; <see langword="null"/> for all.</returns>
    /// <exception cref="InstanceKitException">The word is neither a number nor <c>all</c>.</exception>
    public static int? Parse(string? word, bool isLimited)
    {
        if (word is null)
            return isLimited ? null : Default;
        if (string.Equals(word, "all", StringComparison.OrdinalIgnoreCase))
            return null;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? lines
            : throw InstanceKitException.Usage(
                $"--tail '{word}' is not a number of lines.", "Give a number from 0 on (50) or 'all'.");
    }
}
