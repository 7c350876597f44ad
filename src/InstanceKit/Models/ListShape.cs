using System.Text;
using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Normalizes what Compose accepts as a string, a list or a mapping.</summary>
internal static class ListShape
{
    /// <summary>A list; a single value is a list of one.</summary>
    public static IEnumerable<JsonNode?> Items(JsonNode? node) => node is JsonArray list ? list : new[] { node };

    /// <summary>A list of texts; a single value is a list of one.</summary>
    public static JsonArray Texts(JsonNode? node, ComposePlace place) =>
        [.. Items(node).Select(i => (JsonNode?)JsonValue.Create(ComposeScalar.Text(i, place)))];

    /// <summary>Texts by name, from a mapping or from a list of <c>NAME=value</c>.</summary>
    /// <param name="missing">What a name without a value has.</param>
    public static JsonObject Pairs(JsonNode? node, ComposePlace place, string? missing)
    {
        var result = new JsonObject();
        if (node is JsonObject mapping)
        {
            foreach (var (key, value) in mapping)
                result[key] = ComposeScalar.Text(value, place.At(key)) ?? missing;
            return result;
        }

        if (node is not JsonArray list)
            throw place.Wrong("must be a mapping or a list");
        foreach (var text in list.Select(i => ComposeScalar.Text(i, place) ?? ""))
        {
            var equals = text.IndexOf('=');
            result[equals < 0 ? text : text[..equals]] = equals < 0 ? missing : text[(equals + 1)..];
        }

        return result;
    }

    /// <summary>Items by name, from a mapping or a list of names.</summary>
    public static JsonObject Named(JsonNode? node, ComposePlace place, Func<JsonObject?> missing)
    {
        if (node is not (JsonObject or JsonArray))
            throw place.Wrong("must be a mapping or a list");
        var result = new JsonObject();
        if (node is JsonArray list)
        {
            foreach (var name in list.Select(i => ComposeScalar.Text(i, place) ?? ""))
                result[name] = missing();
            return result;
        }

        foreach (var (key, value) in (JsonObject)node)
            result[key] = value is null ? missing() : value.DeepClone() as JsonObject ?? throw place.At(key).Wrong("must be a mapping");
        return result;
    }

    /// <summary>The words of a command: a list is unchanged, a string is split as in a shell.</summary>
    public static JsonArray? Words(JsonNode? node, ComposePlace place)
    {
        if (node is null)
            return null;
        if (node is JsonArray)
            return Texts(node, place);
        try
        {
            return [.. ShellWords.Split(ComposeScalar.Text(node, place)!).Select(w => (JsonNode?)JsonValue.Create(w))];
        }
        catch (FormatException e)
        {
            throw place.Wrong(e.Message);
        }
    }
}

/// <summary>Splits a command into words as a shell does, without expanding anything.</summary>
internal static class ShellWords
{
    /// <summary>The words; quotes group characters, a backslash escapes the next character.</summary>
    /// <exception cref="FormatException">A quote is not closed, or the text ends with a backslash.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ' ' or '\t' or '\r' or '\n':
                    if (word is not null)
                        words.Add(word.ToString());
                    word = null;
                    break;
                case '\'' or '"':
                    i = ReadQuoted(text, i, word ??= new StringBuilder());
                    break;
                case '\\':
                    (word ??= new StringBuilder()).Append(++i < text.Length ? text[i] : throw new FormatException("ends with a backslash"));
                    break;
                case '#' when word is null:
                    i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
                    break;
                default:
                    (word ??= new StringBuilder()).Append(text[i]);
                    break;
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    private static int ReadQuoted(string text, int open, StringBuilder word)
    {
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == text[open])
                return i;
            if (text[open] == '"' && text[i] == '\\' && i + 1 < text.Length)
                i++;
            word.Append(text[i]);
        }

        throw new FormatException("has an unclosed quote");
    }
}
