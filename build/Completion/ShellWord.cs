using System.Text;

namespace Completion;

/// <summary>A word as bash hands it to a completion: as it was typed, with its quotes.</summary>
internal static class ShellWord
{
    /// <summary>What the word means; an open quote is taken as closed, and nothing is expanded.</summary>
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
