using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Tests;
using Xunit;

namespace Build.Tests.Schemas;

/// <summary>docs/schemas: made from what is written, and complete.</summary>
public sealed class SchemaFileTests
{
    public static TheoryData<string> Names => [.. DocumentKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_committed_schema_is_what_the_code_says(string name) =>
        Snapshot.VerifyFile(PathOf(name), SchemaWriter.Write(DocumentKind.Of(name)));

    [Fact]
    public void There_is_none_of_a_document_that_is_gone() => Assert.Equal(
        DocumentKind.All.Select(kind => kind.Name + DocumentSchemas.Extension).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(DocumentSchemas.Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void All_of_it_is_described_and_every_key_and_word_is_in_the_documentation(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "json.md"));

        Assert.Contains($"(schemas/{name}{DocumentSchemas.Extension})", text, StringComparison.Ordinal);
        Assert.All(ObjectsOf(JsonNode.Parse(File.ReadAllText(PathOf(name)))!), node =>
        {
            Assert.NotEqual("", (string?)node["description"] ?? "");
            Assert.All(node["properties"]!.AsObject(), property =>
            {
                Assert.True(((string?)property.Value!["description"])?.Length > 0, $"{property.Key} has no description");
                Assert.All(
                    (property.Value!["enum"]?.AsArray() ?? []).Select(word => (string?)word).OfType<string>().Append(property.Key),
                    word => Assert.True(text.Contains(word, StringComparison.Ordinal), $"docs/json.md does not name {word}"));
            });
        });
    }

    private static IEnumerable<JsonNode> ObjectsOf(JsonNode schema) =>
        [schema, .. (schema["$defs"]?.AsObject() ?? []).Select(definition => definition.Value!)];

    private static string PathOf(string name) => Path.Combine(DocumentSchemas.Folder, name + DocumentSchemas.Extension);
}
