extern alias Schemas;

using System.Collections.Concurrent;
using System.Text.Json;
using Schemas::Json.Schema;
using Xunit;

namespace BlackBox;

/// <summary>The schemas of what <c>--json</c> prints, as they are committed in docs/schemas.</summary>
internal static class DocumentSchemas
{
    /// <summary>What stands behind a schema's name in the name of its file.</summary>
    public const string Extension = ".schema.json";

    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> s_schemas = new(StringComparer.Ordinal);
    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>The folder of the schemas.</summary>
    public static string Folder { get; } = Repository.PathOf("docs", "schemas");

    /// <summary>Fails the test unless what a command has written obeys the schema for it.</summary>
    /// <param name="command">What was called: "./build.sh Status --json".</param>
    /// <param name="document">One document.</param>
    /// <param name="context">Shown when it fails.</param>
    public static void Require(string command, JsonElement document, object context)
    {
        var name = NameFor(command, document);
        var violations = FindViolations(name, document);
        Assert.True(violations.Count == 0, $"Not as {name}{Extension} wants it:\n{string.Join('\n', violations)}\n{document}\n{context}");
    }

    /// <summary>How a document differs from a schema: "/instances/0/port: type …"; nothing when it obeys.</summary>
    public static IReadOnlyList<string> FindViolations(string schema, JsonElement document)
    {
        var results = Find(schema).Evaluate(document, s_options);
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).SelectMany(d => (d.Errors ?? []).Select(e => $"{d.InstanceLocation}: {e.Key} {e.Value}")).DefaultIfEmpty("(no reason)")];
    }

    /// <summary>The schema of what a command has written: of an event, a result or an error; else of the target that was called last.</summary>
    public static string NameFor(string command, JsonElement document)
    {
        if (document.TryGetProperty("event", out var happened) && happened.GetString() is not ("error" or "result"))
            return "event";
        if (document.TryGetProperty("orphans", out _))
            return "orphans";
        if (document.TryGetProperty("error", out _))
            return "error";
        if (document.TryGetProperty("command", out _))
            return "operation";
        var target = command.Split(' ').Skip(1).TakeWhile(word => !word.StartsWith('-')).LastOrDefault("Status").Split('+')[^1];
        return string.Concat(target.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{c}" : $"{c}")).ToLowerInvariant();
    }

    private static JsonSchema Find(string name) => s_schemas.GetOrAdd(name, n => new Lazy<JsonSchema>(() =>
    {
        var path = Path.Combine(Folder, n + Extension);
        Assert.True(File.Exists(path), $"There is no {path}.");
        return JsonSchema.FromText(File.ReadAllText(path));
    })).Value;
}
