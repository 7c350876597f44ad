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
