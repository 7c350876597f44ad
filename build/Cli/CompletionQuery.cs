using System.Text;
using Cli.Manual;

namespace Cli;

/// <summary>
/// What the scripts of <see cref="ShellScript"/> call at a key press: <c>_complete SHELL :CURRENT [WORD ...]</c>, with the word
/// under the cursor after a colon, so that no shell drops it when it is empty. Does not start the engine.
/// </summary>
internal static class CompletionQuery
{
    /// <summary>The first word, which build.sh knows too: it compiles nothing for it.</summary>
    public const string Word = "_complete";

    /// <summary>The line that leaves the answer to the shell.</summary>
    public const string Folders = ":folders";

    /// <summary>Whether this is such a question.</summary>
    public static bool IsAsked(IReadOnlyList<string> words) => words is [Word, _, [':', ..], ..];

    /// <summary>The answer, a candidate a line; where the shell shows them, with a tab and a few words about it.</summary>
    /// <param name="words">The command line of the question.</param>
    /// <param name="describe">The sentence about a parameter, by its name.</param>
    /// <param name="find">The values of an option that only the workspace knows.</param>
    public static IEnumerable<string> Answer(
        IReadOnlyList<string> words, Func<string, string> describe, Func<OptionPage, CompletionLine, IEnumerable<Candidate>> find)
    {
        var isBash = words[1] == "bash";
        var book = Book.Open();
        var typed = words.Skip(2).Select(word => isBash ? ShellWord.Unquote(word) : word).ToList();
        var line = new CompletionLine(book, typed[1..], typed[0][1..]);
        if (Completer.WantsFolders(line))
            return [Folders];
        return new Completer(book, describe, find).Complete(line)
            .Select(candidate => isBash || candidate.About.Length == 0 ? candidate.Value : $"{candidate.Value}\t{candidate.About}");
    }
}

/// <summary>A word as bash hands it to a completion: as it was typed, with its quotes.</summary>
internal static class ShellWord
{
    /// <summary>The value of the word; an open quote counts as closed, and nothing is expanded.</summary>
    public static string Unquote(string typed)
    {
        var word = new StringBuilder();
        char? quote = null;
        for (var i = 0; i < typed.Length; i++)
        {
            var character = typed[i];
            if (character == quote)
                quote = null;
            else if (quote is null && character is '\'' or '"')
                quote = character;
            else if (character == '\\' && quote != '\'' && i + 1 < typed.Length && (quote is null || typed[i + 1] is '"' or '\\' or '$' or '`'))
                word.Append(typed[++i]);
            else
                word.Append(character);
        }

        return word.ToString();
    }
}
