using System.Text.Json.Nodes;
using BlackBox;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>Reads what the program prints with <c>--json</c>.</summary>
internal static class JsonAnswers
{
    /// <summary>The entry of an instance.</summary>
    public static JsonNode Of(this BuildResult result, TestInstance instance) =>
        result.Json["instances"]!.AsArray().Single(i => (int)i!["instance"]! == instance.Number)!;

    /// <summary>How a command on an instance ended: <c>done</c>, <c>unchanged</c>, <c>planned</c>, <c>failed</c>.</summary>
    public static string OutcomeOf(this BuildResult result, TestInstance instance) => (string)result.Of(instance)["outcome"]!;

    /// <summary>The changes that a command made or planned: "startService redis: no container".</summary>
    public static IReadOnlyList<string> OperationsOf(this BuildResult result, TestInstance instance) =>
        [.. result.Of(instance)["operations"]!.AsArray().Select(o => $"{o!["kind"]} {o["target"]}: {o["cause"]}")];

    /// <summary>The notes of a command on an instance, one a line.</summary>
    public static string NotesOf(this BuildResult result, TestInstance instance) =>
        string.Join('\n', result.Of(instance)["notes"]!.AsArray().Select(n => (string)n!));

    /// <summary>The error of a command on an instance: its whole message and remedy.</summary>
    public static string ErrorOf(this BuildResult result, TestInstance instance) =>
        $"{result.Of(instance)["error"]!["message"]}\n{result.Of(instance)["error"]!["remedy"]}";

    /// <summary>The readiness of a service or app, in an entry of <c>Status</c>: "ready: listens on 3311".</summary>
    public static string ReadinessOf(this JsonNode status, string component)
    {
        var entry = status["components"]!.AsArray().Single(c => (string)c!["name"]! == component)!;
        return $"{entry["readiness"]}: {entry["reason"]}";
    }
}
