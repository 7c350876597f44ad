using System.Text;
using System.Text.Json;
using InstanceKit;

namespace Cli.Hosting;

/// <summary>The file of defaults, <c>.nuke/parameters.json</c>.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Parameters">Its parameters, each with its value or values; anything but text as written.</param>
internal sealed record ParameterFile(string Path, IReadOnlyList<(string Name, List<string> Values)> Parameters)
{
    private const string Schema = "$schema";

    /// <summary>The root folder, from which relative paths in the file start.</summary>
    public string Root => System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(Path))!;

    /// <summary>Reads the file below a root folder; one that is not there has no parameters.</summary>
    /// <exception cref="InstanceKitException">It is not a JSON object.</exception>
    public static ParameterFile Load(string root)
    {
        var path = System.IO.Path.Combine(root, ".nuke", "parameters.json");
        try
        {
            return new ParameterFile(path, File.Exists(path) ? Read(File.ReadAllBytes(path)) : []);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw InstanceKitException.Usage($"{path} is not a JSON object: {e.Message}", "Fix it, or replace its content with {}.");
        }
    }

    private static IReadOnlyList<(string Name, List<string> Values)> Read(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var parameters = new List<(string, List<string>)>();
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it does not start with '{'.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var values = Values(ref reader, json);
            if (name != Schema)
                parameters.Add((name, values));
        }

        while (reader.Read())
        {
            // Only white space may follow; the reader throws at anything else.
        }

        return parameters;
    }

    private static List<string> Values(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var values = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            values.Add(Value(ref reader, json));
            return values;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(Value(ref reader, json));
        return values;
    }

    private static string Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString()!;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
    }
}
