using System.Text.RegularExpressions;

namespace InstanceKit.Models;

/// <summary>Reads whole numbers as YAML knows them: decimal, hexadecimal, octal with and without a letter, binary.</summary>
internal static partial class YamlInteger
{
    /// <summary>The number; <see langword="null"/> if it is not one, or exceeds 64 bits.</summary>
    public static long? Read(string word)
    {
        if (Form().Match(word) is not { Success: true } match)
            return null;
        var digits = match.Groups["digits"].Value;
        var (text, radix) = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => (hex, 16),
            ['0', 'b' or 'B', .. var binary] => (binary, 2),
            ['0', 'o' or 'O', .. var octal] => (octal, 8),
            ['0', _, ..] => (digits[1..], 8),
            _ => (digits, 10),
        };
        var number = 0L;
        foreach (var letter in text)
        {
            var digit = Convert.ToInt32($"{letter}", 16);
            if (digit >= radix || number > (long.MaxValue - digit) / radix)
                return null;
            number = (number * radix) + digit;
        }

        return match.Groups["sign"].Value == "-" ? -number : number;
    }

    [GeneratedRegex(@"^(?<sign>[-+]?)(?<digits>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)\z")]
    private static partial Regex Form();
}
