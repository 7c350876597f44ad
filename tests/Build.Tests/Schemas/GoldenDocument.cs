using System.Text.Json;
using BlackBox;
using Cli.Manual;

namespace Build.Tests.Schemas;

/// <summary>A document of a snapshot.</summary>
/// <param name="File">The snapshot: "JsonOutputTests.Status".</param>
/// <param name="Text">The document.</param>
internal sealed record GoldenDocument(string File, string Text)
{
    // Any other snapshot is called like its schema.
    private static readonly Dictionary<string, string> s_schemas = new(StringComparer.Ordinal)
    {
        ["JsonOutputTests.Operations"] = "operation",
        ["JsonOutputTests.Environments"] = "env",
        ["JsonOutputTests.Endpoints"] = "open",
        ["JsonOutputTests.Projects"] = "project-name",
        ["DiagnosisTextTests.Findings"] = "doctor",
        ["MachineTextTests.Machine"] = "list",
        ["ProgressTests.With_json_each_event_is_a_line_of_standard_output"] = "event",
        ["ExampleTests.Up"] = "operation",
        ["ExampleTests.ExplainedPorts"] = "ports",
        ["ExampleTests.Connections"] = "verify",
    };

    /// <summary>The documents of all snapshots; of one a line, each line.</summary>
    public static IReadOnlyList<GoldenDocument> All { get; } =
    [
        .. from folder in new[] { "Rendering", "Schemas" }
           from path in Directory.EnumerateFiles(Repository.PathOf("tests", "Build.Tests", folder, "Snapshots"), "*.golden.json*")
           let name = Path.GetFileName(path)
           from text in path.EndsWith('l') ? System.IO.File.ReadLines(path) : [System.IO.File.ReadAllText(path)]
           select new GoldenDocument(name[..name.IndexOf(".golden", StringComparison.Ordinal)], text),
    ];

    /// <summary>The name of its schema.</summary>
    public string Schema => s_schemas.GetValueOrDefault(File) ?? DashedName.Of(File.Split('.')[1]);

    /// <summary>The document, parsed.</summary>
    public JsonElement Parse() => JsonElement.Parse(Text);
}
