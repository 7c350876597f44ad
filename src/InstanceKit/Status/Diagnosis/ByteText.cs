using System.Globalization;

namespace InstanceKit.Status;

/// <summary>Writes sizes for people.</summary>
internal static class ByteText
{
    private const double Gibi = 1L << 30;

    /// <summary>Gibibytes with one digit behind the point, or whole mebibytes below one: "5.2 GiB", "640 MiB".</summary>
    public static string Of(long bytes) => bytes >= Gibi
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibi:0.#} GiB")
        : $"{bytes >> 20} MiB";
}
