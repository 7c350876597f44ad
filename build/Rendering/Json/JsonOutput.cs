using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rendering.Json;

/// <summary>Writes documents as JSON; their shape is described in docs/json.md and changes only with <see cref="SchemaVersion"/>.</summary>
internal static class JsonOutput
{
    /// <summary>The version of the shapes, in every document.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonContext Indented = new(CreateOptions(indented: true));
    private static readonly JsonContext OneLine = new(CreateOptions(indented: false));

    /// <summary>Writes one document, over several lines.</summary>
    public static void Write<T>(TextWriter writer, T document)
    {
        writer.WriteLine(JsonSerializer.Serialize(document, typeof(T), Indented));
        writer.Flush();
    }

    /// <summary>Writes one document on one line: the last of a stream, or all of it.</summary>
    public static void WriteLine<T>(TextWriter writer, T document)
    {
        writer.WriteLine(ToLine(document));
        writer.Flush();
    }

    /// <summary>A document on one line, for streams of them.</summary>
    public static string ToLine<T>(T document) => JsonSerializer.Serialize(document, typeof(T), OneLine);

    /// <summary>How documents are written.</summary>
    /// <param name="indented">Whether over several lines.</param>
    public static JsonSerializerOptions CreateOptions(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        // The text goes to a terminal or a parser, never into HTML: quotes and umlauts may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
