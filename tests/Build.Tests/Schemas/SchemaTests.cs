using System.Text.Json;
using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Models;
using InstanceKit.Platform;
using Output;
using Xunit;

namespace Build.Tests.Schemas;

/// <summary>The schemas accept what is written, and nothing else: a key less, a key more or another kind of value is seen.</summary>
public sealed class SchemaTests
{
    private static readonly string[] s_maps = ["variables", "ports"];

    public static TheoryData<string> Files => [.. GoldenDocument.All.Select(golden => golden.File).Distinct()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_document_obeys_its_schema_and_no_other(string file) => Assert.All(Of(file), golden =>
    {
        var document = golden.Parse();
        Assert.Empty(DocumentSchemas.FindViolations(golden.Schema, document));
        Assert.Equal(
            [golden.Schema],
            DocumentKind.All.Select(kind => kind.Name).Where(name => DocumentSchemas.FindViolations(name, document).Count == 0));
    });

    [Fact]
    public void Every_schema_has_an_example() =>
        Assert.Equivalent(DocumentKind.All.Select(kind => kind.Name), GoldenDocument.All.Select(golden => golden.Schema).Distinct(), strict: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_key_less_a_key_more_and_another_kind_of_value_are_seen(string file)
    {
        foreach (var golden in Of(file))
        {
            var mutants = MutantsOf(JsonNode.Parse(golden.Text)!).ToList();
            Assert.NotEmpty(mutants);
            Assert.All(mutants, mutant => Assert.True(
                DocumentSchemas.FindViolations(golden.Schema, JsonElement.Parse(mutant.Text)).Count > 0, $"{mutant.Change} is not seen by {golden.Schema}."));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Another_version_is_seen(string file)
    {
        var node = JsonNode.Parse(Of(file)[0].Text)!;
        Assert.Equal(Of(file)[0].Schema != "logs", node["schemaVersion"] is not null);
        if (node["schemaVersion"] is null)
            return;
        node["schemaVersion"] = JsonOutput.SchemaVersion + 1;
        Assert.NotEmpty(DocumentSchemas.FindViolations(Of(file)[0].Schema, JsonElement.Parse(node.ToJsonString())));
    }

    private static List<GoldenDocument> Of(string file) => [.. GoldenDocument.All.Where(golden => golden.File == file)];

    /// <summary>The document with each single change.</summary>
    private static IEnumerable<(string Change, string Text)> MutantsOf(JsonNode document)
    {
        foreach (var (place, node) in ObjectsIn(document, ""))
        {
            if (!s_maps.Contains(place.Split('/')[^1]))
            {
                node["unknown"] = 1;
                yield return ($"The key {place}/unknown", document.ToJsonString());
                node.Remove("unknown");
            }

            foreach (var (key, value) in node.ToList())
            {
                node[key] = new JsonArray(new JsonArray());
                yield return ($"A list as {place}/{key}", document.ToJsonString());
                node.Remove(key);
                if (!s_maps.Contains(place.Split('/')[^1]))
                    yield return ($"The lack of {place}/{key}", document.ToJsonString());
                node[key] = value;
            }
        }
    }

    private static IEnumerable<(string Place, JsonObject Node)> ObjectsIn(JsonNode? node, string place) => node switch
    {
        JsonObject own => own.ToList().SelectMany(p => ObjectsIn(p.Value, $"{place}/{p.Key}")).Prepend((place, own)),
        JsonArray list => list.SelectMany((item, i) => ObjectsIn(item, $"{place}/{i}")),
        _ => [],
    };
}
