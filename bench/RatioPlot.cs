using System.Globalization;
using System.Text;

namespace Bench;

/// <summary>Draws ratios to the bare commands as bars, with a mark at each goal.</summary>
internal static class RatioPlot
{
    private const int Left = 300;
    private const int Unit = 300;
    private const int RowHeight = 34;
    private const int Top = 40;

    /// <summary>The drawing, as SVG.</summary>
    public static string Draw(IReadOnlyList<SpeedRow> rows)
    {
        var shown = rows.Where(r => r.Ratio is not null).ToList();
        var (width, height) = (Left + (Unit * 2), Top + (RowHeight * shown.Count) + 40);
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">""");
        Line($"""<rect width="{width}" height="{height}" fill="#ffffff"/>""");
        Line($"""<text x="{Left}" y="22" fill="#333333">ratio to the bare commands (1 = equal); the mark is the goal</text>""");
        for (var tick = 0; tick <= 3; tick++)
        {
            var x = Left + (tick * Unit / 2);
            Line($"""<line x1="{x}" y1="{Top - 6}" x2="{x}" y2="{height - 34}" stroke="#dddddd"/>""");
            Line($"""<text x="{x}" y="{height - 16}" fill="#666666" text-anchor="middle">{tick / 2.0:0.0}</text>""");
        }

        foreach (var (row, i) in shown.Select((r, i) => (r, i)))
        {
            var y = Top + (i * RowHeight);
            var length = Math.Min(row.Ratio!.Value, 1.8) * Unit;
            Line($"""<text x="{Left - 10}" y="{y + 16}" fill="#333333" text-anchor="end">{Label(row)}</text>""");
            Line($"""<rect x="{Left}" y="{y + 3}" width="{length:0.#}" height="18" fill="{(row.Ratio <= row.Limit ? "#3b7dd8" : "#d8783b")}"/>""");
            Line($"""<text x="{Left + length + 6:0.#}" y="{y + 17}" fill="#333333">{row.Ratio:0.00}</text>""");
            Line($"""<line x1="{Left + (row.Limit!.Value * Unit):0.#}" y1="{y}" x2="{Left + (row.Limit.Value * Unit):0.#}" y2="{y + 24}" stroke="#111111" stroke-width="2"/>""");
        }

        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Label(SpeedRow row) => row.What.Split([',', ';'])[0].Replace("`", "", StringComparison.Ordinal);
}
