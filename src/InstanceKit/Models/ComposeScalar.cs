using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InstanceKit.Models;

/// <summary>What a plain word of YAML is to Compose, and how Compose writes it where it wants a text.</summary>
internal static partial class ComposeScalar
{
    /// <summary>Reads a plain word: nothing, a truth value, a number, a day or a text.</summary>
    public static JsonValue? Resolve(string word)
    {
        if (word is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (word is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return JsonValue.Create(word[0] is 't' or 'T');
        if (Day().Match(word) is { Success: true } day && DateTime.TryParseExact(
                word, "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return JsonValue.Create(date.ToString("yyyy-MM-dd 00:00:00 +0000 'UTC'", CultureInfo.InvariantCulture));
        }

        var plain = word.Replace("_", "", StringComparison.Ordinal);
        if (YamlInteger.Read(plain) is { } number)
            return JsonValue.Create(number);
        if (ulong.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out _) && plain[0] != '0')
            return JsonValue.Create(plain);
        return Float().IsMatch(plain) && double.Parse(plain, CultureInfo.InvariantCulture) is var real && double.IsFinite(real)
            ? JsonValue.Create(real)
            : JsonValue.Create(word);
    }

    /// <summary>Whether a plain scalar is a timestamp, which Compose reformats.</summary>
    public static bool IsMoment(string word) => Moment().IsMatch(word);

    /// <summary>A value as text; <see langword="null"/> for nothing.</summary>
    /// <exception cref="InstanceKitException">It is a list or a mapping.</exception>
    public static string? Text(JsonNode? node, ComposePlace place)
    {
        if (node is null)
            return null;
        if (node is not JsonValue value)
            throw place.Wrong("must be a single value");
        if (value.TryGetValue<string>(out var text))
            return text;
        if (value.TryGetValue<bool>(out var truth))
            return truth ? "true" : "false";
        return value.TryGetValue<long>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : GoFloat.Print(value.GetValue<double>());
    }

    /// <summary>A whole number.</summary>
    public static int Number(JsonNode? node, ComposePlace place) =>
        int.TryParse(Text(node, place), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw place.Wrong($"must be a whole number, not '{node}'");

    /// <summary>A truth value, also one that an interpolation gave as a text.</summary>
    public static bool Truth(JsonNode? node, ComposePlace place) => Text(node, place)?.ToLowerInvariant() switch
    {
        "true" or "y" or "yes" or "on" => true,
        null or "false" or "n" or "no" or "off" => false,
        var other => throw place.Wrong($"must be true or false, not '{other}'"),
    };

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\z")]
    private static partial Regex Day();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|\s+)[0-9]{1,2}:[0-9]")]
    private static partial Regex Moment();
}

/// <summary>Writes numbers with a point as Compose does where a text is wanted.</summary>
internal static class GoFloat
{
    private const int LowestExponent = -4;
    private const int HighestExponent = 5;

    /// <summary>As Go prints a number by <c>%v</c>: the shortest digits, with an exponent where it is large or small.</summary>
    public static string Print(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            return shortest;
        var (mantissa, power) = shortest.TrimStart('-').Split('E') is [var left, var right]
            ? (left, int.Parse(right, CultureInfo.InvariantCulture))
            : (shortest.TrimStart('-'), 0);
        var point = mantissa.IndexOf('.') is >= 0 and var at ? at : mantissa.Length;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var exponent = power + point - 1 - digits.TakeWhile(d => d == '0').Count();
        if (number == 0)
            return shortest;
        if (exponent is >= LowestExponent and <= HighestExponent)
            return decimal.Parse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        digits = digits.Trim('0');
        return $"{(number < 0 ? "-" : "")}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}

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

/// <summary>The durations of compose files: <c>1m30s</c>, <c>500ms</c> (Go's <c>time.ParseDuration</c>).</summary>
public static partial class GoDuration
{
    private const double Longest = long.MaxValue / 1e6; // Go counts nanoseconds; in milliseconds

    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">The text is not a duration, or one longer than Go's, about 292 years.</exception>
    public static TimeSpan Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is not a valid duration.");

        var milliseconds = 0d;
        for (var i = 0; i < match.Groups["value"].Captures.Count; i++)
        {
            var value = double.Parse(match.Groups["value"].Captures[i].Value, CultureInfo.InvariantCulture);
            milliseconds += value * match.Groups["unit"].Captures[i].Value switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1_000,
                "ms" => 1,
                "us" or "µs" => 0.001,
                _ => 0.000_001,
            };
        }

        return milliseconds <= Longest
            ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new FormatException($"'{text}' exceeds the longest duration, about 292 years.");
    }

    /// <summary>Writes whole milliseconds: <c>500ms</c>, or seconds where they are whole: <c>2s</c>.</summary>
    public static string Print(TimeSpan duration) =>
        duration.TotalMilliseconds % 1000 == 0
            ? $"{duration.TotalSeconds:0}s"
            : $"{duration.TotalMilliseconds:0}ms";

    [GeneratedRegex(@"^(?:(?<value>[0-9]+(?:\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Form();
}
