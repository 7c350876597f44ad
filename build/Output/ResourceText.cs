using System.Globalization;

namespace Output;

/// <summary>Formats resource usage.</summary>
internal static class ResourceText
{
    /// <summary>The text for an unknown value.</summary>
    public const string Unknown = "-";

    private const double Step = 1024;
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Percent of one core: <c>0.4%</c>, <c>12%</c>, <c>340%</c>.</summary>
    public static string Cpu(double? percent) => percent is not { } value ? Unknown
        : value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";

    /// <summary>Bytes with about three digits: <c>0 B</c>, <c>640 MiB</c>, <c>1.2 GiB</c>.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
            return Unknown;
        double value = count;
        var unit = 0;
        for (; value >= Step - 0.5 && unit < s_units.Length - 1; unit++)
            value /= Step;
        return $"{value.ToString(unit > 0 && value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {s_units[unit]}";
    }
}
