using System.Globalization;

namespace Bench;

/// <summary>One comparison.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">The command's median, in milliseconds unless stated otherwise.</param>
/// <param name="Bare">That of the bare commands; <see langword="null"/> where there are none to compare with.</param>
/// <param name="Wanted">The goal, as text.</param>
/// <param name="Limit">The highest ratio that meets the goal.</param>
internal sealed record SpeedRow(string What, double Ours, double? Bare, string Wanted, double? Limit)
{
    /// <summary>The ratio of the command's time to that of the bare commands.</summary>
    public double? Ratio => Bare is { } bare ? Ours / bare : null;

    /// <summary>The row of a Markdown table.</summary>
    /// <param name="format">How the two figures are written.</param>
    public string ToText(string format = "0") => string.Create(CultureInfo.InvariantCulture, $"| {What} | {Text(Ours, format)} | {Text(Bare, format)} | {Text(Ratio, "0.00")} | {Wanted} |");

    private static string Text(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "–";
}
