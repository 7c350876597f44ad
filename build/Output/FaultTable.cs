using System.Globalization;
using System.Text;
using System.Text.Json;
using InstanceKit.Doctor;

namespace Output;

/// <summary>The results of the fault scenarios, from one file each: a table for a terminal, and one for the docs.</summary>
internal sealed class FaultTable
{
    private const string Mark = "<!-- faults -->\n";
    private static readonly string[] s_checks = ["message", "converges", "others", "data", "clean"];

    private readonly List<Row> _rows;

    private FaultTable(List<Row> rows) => _rows = rows;

    /// <summary>Reads the results of the scenarios.</summary>
    /// <param name="folder">The folder of their files; may be missing.</param>
    /// <param name="since">Older files belong to other runs.</param>
    public static FaultTable Read(string folder, DateTime since) => new([.. new DirectoryInfo(folder) is { Exists: true } found
        ? found.EnumerateFiles("*.json").Where(f => f.LastWriteTimeUtc >= since).Select(Row.Read).OrderBy(r => r.Section).ThenBy(r => r.Name, StringComparer.Ordinal)
        : Enumerable.Empty<Row>()]);

    /// <summary>The table for a terminal, with its sum.</summary>
    public string ToText()
    {
        List<TextColumn<Row>> columns =
        [
            new("FAULT", r => r.Name),
            new("SECTION", r => $"{r.Section}") { IsRight = true },
            new("RESULT", r => r.Result),
            new("SECONDS", r => r.Seconds.ToString("0.0", CultureInfo.InvariantCulture)) { IsRight = true },
            .. s_checks.Select(c => new TextColumn<Row>(c.ToUpperInvariant(), r => r.Check(c))),
        ];
        var table = new TextTable<Row>(columns, _rows, int.MaxValue);
        var text = new StringBuilder().Append('\n').Append(table.Head()).Append('\n');
        foreach (var line in _rows.SelectMany(r => table.Draw(r, "", Ink.Plain)))
            text.Append(line).Append('\n');
        return text.Append(CultureInfo.InvariantCulture, $"\n{Sum}\n").ToString();
    }

    /// <summary>Replaces the table between two marks in a Markdown file.</summary>
    public void WriteInto(string path)
    {
        var parts = File.ReadAllText(path).Split(Mark);
        if (parts.Length != 3)
            throw new InvalidDataException($"{path} does not contain the line {Mark.Trim()} twice.");
        var text = new StringBuilder("\n")
            .Append(CultureInfo.InvariantCulture, $"{Sum}\n\n| Section | Fault | Result | {string.Join(" | ", s_checks)} |\n|---|---|---|{string.Concat(s_checks.Select(_ => "---|"))}\n");
        foreach (var row in _rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Section} | {row.Name.Replace("|", "\\|", StringComparison.Ordinal)} | {row.Result} | {string.Join(" | ", s_checks.Select(row.Check))} |\n");
        File.WriteAllText(path, string.Join(Mark, parts[0], text.Append('\n').ToString(), parts[2]));
    }

    private string Sum => $"{_rows.Count} faults: " + string.Join(", ", new[] { "passed", "failed", "skipped" }.Select(r => $"{_rows.Count(row => row.Result == r)} {r}"));

    private sealed record Row(string Name, int Section, string Result, double Seconds, Dictionary<string, string> Checks)
    {
        public static Row Read(FileInfo file)
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file.FullName));
            var root = document.RootElement;
            var checks = root.GetProperty("checks");
            return new Row(
                root.GetProperty("name").GetString()!, root.GetProperty("section").GetInt32(), root.GetProperty("result").GetString()!,
                root.GetProperty("seconds").GetDouble(),
                checks.ValueKind == JsonValueKind.Object ? checks.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString()!) : []);
        }

        public string Check(string name) => Checks.GetValueOrDefault(name) switch { "passed" => "ok", "failed" => "FAILED", _ => "-" };
    }
}
