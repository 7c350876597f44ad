using System.Text;

namespace InstanceKit.Models;

/// <summary>Puts variables into texts, as Compose does.</summary>
/// <param name="variables">A variable's value; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeInterpolation(Func<string, string?> variables)
{
    private const int Deepest = 20;
    private const int MostCharacters = 2_000_000;

    private int _depth;
    private long _written;

    /// <summary>Replaces <c>$NAME</c>, <c>${NAME}</c> and its forms with a default, error or replacement; <c>$$</c> is a dollar sign, as is one before anything else.</summary>
    /// <exception cref="FormatException">Braces contain an unknown form, or a required variable is not set.</exception>
    public string Substitute(string text)
    {
        if (!text.Contains('$'))
            return text;
        if (_depth >= Deepest)
            throw new FormatException("has interpolations that are nested too deeply");
        _depth++;
        try
        {
            return Replace(text);
        }
        finally
        {
            _depth--;
        }
    }

    private string Replace(string text)
    {
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            // Values that refer to each other can double with each line.
            if (_written + result.Length > MostCharacters)
                throw new FormatException($"has interpolations that grow beyond {MostCharacters / 1_000_000} million characters");
            if (text[at] != '$')
            {
                result.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '$')
            {
                result.Append('$');
                at += 2;
            }
            else if (at + 1 < text.Length && text[at + 1] == '{')
            {
                var end = ClosingBrace(text, at + 2);
                result.Append(Expand(text[(at + 2)..end], text));
                at = end + 1;
            }
            else
            {
                var end = EndOfName(text, at + 1);
                result.Append(end == at + 1 ? "$" : variables(text[(at + 1)..end]));
                at = end;
            }
        }

        _written += result.Length;
        return result.ToString();
    }

    private string Expand(string inner, string text)
    {
        var end = EndOfName(inner, 0);
        var (name, rest) = (inner[..end], inner[end..]);
        if (name.Length == 0)
            throw Invalid(text);
        var value = variables(name);
        var isThere = rest.StartsWith(':') ? !string.IsNullOrEmpty(value) : value is not null;
        var operand = rest.TrimStart(':');
        if (rest.Length == 0)
            return value ?? "";
        if (operand.Length == 0 || rest.Length - operand.Length > 1)
            throw Invalid(text);
        return operand[0] switch
        {
            '-' => isThere ? value! : Substitute(operand[1..]),
            '+' => isThere ? Substitute(operand[1..]) : "",
            '?' => isThere ? value! : throw new FormatException(
                $"needs the variable {name}, which is not set{(operand.Length > 1 ? $": {Substitute(operand[1..])}" : "")}"),
            _ => throw Invalid(text),
        };
    }

    private static int ClosingBrace(string text, int from)
    {
        var open = 1;
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{')
                open++;
            else if (text[at] == '}' && --open == 0)
                return at;
        }

        throw Invalid(text);
    }

    private static int EndOfName(string text, int from)
    {
        var at = from;
        while (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_' || (at > from && char.IsAsciiDigit(text[at]))))
            at++;
        return at;
    }

    private static FormatException Invalid(string text) =>
        new($"has an invalid interpolation in '{text}'; a dollar sign that is meant as such is written $$");
}
