using System.Text;

namespace InstanceKit.Stacks;

/// <summary>Splits a command into words as a shell does, without expanding anything.</summary>
internal static class ShellWords
{
    /// <summary>The words; quotes join what they hold, a backslash takes the next character as it is.</summary>
    /// <exception cref="FormatException">A quote is never closed, or a backslash ends the text.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ' ' or '\t' or '\r' or '\n':
                    if (word is not null)
                        words.Add(word.ToString());
                    word = null;
                    break;
                case '\'' or '"':
                    i = ReadQuoted(text, i, word ??= new StringBuilder());
                    break;
                case '\\':
                    (word ??= new StringBuilder()).Append(++i < text.Length ? text[i] : throw new FormatException("ends with a backslash"));
                    break;
                case '#' when word is null:
                    i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
                    break;
                default:
                    (word ??= new StringBuilder()).Append(text[i]);
                    break;
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    private static int ReadQuoted(string text, int open, StringBuilder word)
    {
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == text[open])
                return i;
            if (text[open] == '"' && text[i] == '\\' && i + 1 < text.Length)
                i++;
            word.Append(text[i]);
        }

        throw new FormatException("has a quote that is never closed");
    }
}
