using System.Text.Json.Nodes;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

/// <summary>Editors complete what the parser reads: both must know the same keys.</summary>
public sealed class StackFileSchemaTests
{
    private static readonly JsonObject Schema =
        JsonNode.Parse(RepositoryFiles.Read("docs/instancekit.schema.json"))!.AsObject();

    public static TheoryData<string, IReadOnlyList<string>> Sections => new()
    {
        { "", StackFileKeys.Root },
        { "compose", StackFileKeys.Compose },
        { "ports", StackFileKeys.Ports },
        { "ports/named/*", StackFileKeys.NamedPort },
        { "apps/*", StackFileKeys.App },
        { "infra", StackFileKeys.Infra },
        { "infra/commands/*", StackFileKeys.InfraCommand },
        { "literals", StackFileKeys.Literals },
        { "literals/replace/[]", StackFileKeys.Replacement },
        { "literals/accept/[]", StackFileKeys.Accepted },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_section_has_the_keys_that_are_read(string path, IReadOnlyList<string> keys)
    {
        var section = At(path);

        Assert.Equal(keys, section["properties"]!.AsObject().Select(p => p.Key));
        Assert.False((bool)section["additionalProperties"]!);
        Assert.All(section["properties"]!.AsObject(), p => Assert.True(
            ((string?)p.Value!["description"])?.Length > 0, $"{path}/{p.Key} has no description"));
    }

    [Fact]
    public void The_documentation_names_every_key()
    {
        var text = RepositoryFiles.Read("docs/stack-file.md");

        Assert.All(
            Sections.SelectMany(s => s.Data.Item2),
            key => Assert.True(text.Contains($"`{key}`", StringComparison.Ordinal), $"docs/stack-file.md does not name `{key}`"));
    }

    private static JsonObject At(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(Schema, (at, key) =>
        (key switch
        {
            "*" => at["additionalProperties"],
            "[]" => at["items"],
            _ => at["properties"]![key],
        })!.AsObject());
}
