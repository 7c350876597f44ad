using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Output;

namespace Build.Tests.Schemas;

/// <summary>
/// Makes the JSON Schema of a kind of document from the types that are written and from what the code says of them, so
/// that it can't differ from either.
/// </summary>
internal sealed class SchemaWriter
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonContext s_documents = new(JsonOutput.CreateOptions(indented: false));
    private static readonly JsonSerializerOptions s_indented = JsonOutput.CreateOptions(indented: true);

    private readonly DocumentKind _kind;

    // By the place where the exporter has put it: it refers to a shape that it meets again by that.
    private readonly Dictionary<string, JsonObject> _shapes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    private SchemaWriter(DocumentKind kind) => _kind = kind;

    /// <summary>The text of the schema.</summary>
    public static string Write(DocumentKind kind) => new SchemaWriter(kind).Write().ToJsonString(s_indented) + "\n";

    private JsonObject Write()
    {
        var exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        var root = s_documents.Options.GetJsonSchemaAsNode(_kind.Type, exporter).AsObject();
        var schema = new JsonObject
        {
            ["$schema"] = Dialect,
            ["$id"] = $"urn:shipsec-build:schema:{_kind.Name}:{JsonOutput.SchemaVersion}",
            ["title"] = $"ShipSec.Build {_kind.Name}, version {JsonOutput.SchemaVersion}",
            ["description"] = DocComments.Of(_kind.Type),
        };
        Move(root, schema);
        if (_definitions.Count > 0)
            schema["$defs"] = new JsonObject(_definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return schema;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var place = string.Join('/', ["#", .. context.Path]);
        var shape = (string?)node["$ref"] is { } known ? Copy(_shapes[known]) : ShapeOf(context, node.AsObject());
        _shapes[place] = Copy(shape);
        return context.PropertyInfo is { } property ? Describe(property, shape) : shape;
    }

    /// <summary>Closes an object and moves it to the definitions; everything else stays as it is.</summary>
    private JsonObject ShapeOf(JsonSchemaExporterContext context, JsonObject node)
    {
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object)
            return node;
        var isNullable = node["type"] is JsonArray;
        node["type"] = "object";
        // Nothing is left out: what is not known is null.
        node["required"] = new JsonArray([.. node["properties"]!.AsObject().Select(p => (JsonNode)p.Key)]);
        node["additionalProperties"] = false;
        if (context.Path.IsEmpty)
            return node;
        var name = context.TypeInfo.Type.Name;
        var definition = new JsonObject { ["description"] = DocComments.Of(context.TypeInfo.Type) };
        Move(node, definition);
        _definitions[name] = definition;
        var reference = new JsonObject { ["$ref"] = $"#/$defs/{name}" };
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private JsonObject Describe(JsonPropertyInfo property, JsonObject shape)
    {
        var described = new JsonObject { ["description"] = DocComments.Of((PropertyInfo)property.AttributeProvider!) };
        shape.Remove("default"); // of the constructor, not of the document
        if (property.Name == "schemaVersion")
            shape["const"] = JsonOutput.SchemaVersion;
        // One word where it is a text; the words of an enumeration else.
        if (property.Name == "event" && property.PropertyType == typeof(string))
            shape["const"] = _kind.Type == typeof(ErrorDocument) ? "error" : "result";
        Move(shape, described);
        return described;
    }

    private static void Move(JsonObject from, JsonObject to)
    {
        foreach (var (key, value) in from.ToList())
        {
            from.Remove(key);
            to[key] = value;
        }
    }

    private static JsonObject Copy(JsonObject node) => node.DeepClone().AsObject();
}
