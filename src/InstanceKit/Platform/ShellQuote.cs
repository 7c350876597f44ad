namespace InstanceKit.Platform;

/// <summary>Quotes a word for a shell, so that a command can be copied from a message as it is.</summary>
public static class ShellQuote
{
    private const string Harmless = "_@%+=:,./-";

    /// <summary>For the default shell of this system; a word without special characters is unchanged.</summary>
    public static string Word(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        // Windows' paths are full of backslashes, which mean nothing to PowerShell.
        var isPlain = word.Length > 0
            && word.All(c => char.IsLetterOrDigit(c) || Harmless.Contains(c, StringComparison.Ordinal) || (c == '\\' && OperatingSystem.IsWindows()));
        return isPlain ? word : OperatingSystem.IsWindows() ? PowerShell(word) : Posix(word);
    }

    /// <summary>For bash, zsh and every other POSIX shell (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02).</summary>
    public static string Posix(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>For fish (https://fishshell.com/docs/current/language.html#quotes).</summary>
    public static string Fish(string word) =>
        $"'{word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";

    /// <summary>For PowerShell, where typographic quotes also end a quoted text; each is escaped by doubling.</summary>
    public static string PowerShell(string word) =>
        $"'{string.Concat(word.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : $"{c}"))}'";
}
