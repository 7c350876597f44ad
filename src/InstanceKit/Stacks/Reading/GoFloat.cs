using System.Globalization;

namespace InstanceKit.Stacks;

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
