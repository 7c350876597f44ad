using System.Text.Json;
using System.Text.Json.Nodes;
using InstanceKit;
using Xunit;

namespace BlackBox;

/// <summary>How a run of the build program ended.</summary>
/// <param name="Command">What was called.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record BuildResult(string Command, int ExitCode, string Output, string Errors, TimeSpan Elapsed)
{
    /// <summary>
    /// Standard output as JSON: one document, or the last of one a line; fails the test when anything else stands there.
    /// </summary>
    public JsonNode Json
    {
        get
        {
            Assert.True(Documents.Count > 0, $"Nothing stands on standard output.\n{this}");
            return Documents[^1];
        }
    }

    /// <summary>
    /// The documents on standard output: one over several lines, or one a line; fails the test when anything else stands
    /// there, and when one is not as its schema wants it.
    /// </summary>
    public IReadOnlyList<JsonNode> Documents => field ??= Output.StartsWith("{\n", StringComparison.Ordinal)
        ? [Parse(Output)]
        : [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Fails the test, showing everything, when the exit code is another one.</summary>
    /// <returns>The result itself.</returns>
    public BuildResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}.\n{this}");
        return this;
    }

    /// <summary>Fails the test, showing everything, when standard error lacks one of the words.</summary>
    /// <returns>The result itself.</returns>
    public BuildResult ExpectError(params string[] words)
    {
        foreach (var word in words)
            Assert.True(Errors.Contains(word, StringComparison.Ordinal), $"Standard error does not say '{word}'.\n{this}");
        return this;
    }

    private JsonNode Parse(string text)
    {
        try
        {
            var document = JsonElement.Parse(text);
            DocumentSchemas.Require(Command, document, this);
            return JsonNode.Parse(text)!;
        }
        catch (JsonException e)
        {
            Assert.Fail($"Standard output is not JSON alone ({e.Message}).\n{this}");
            throw;
        }
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"$ {Command}\n--- exit code {ExitCode} after {Elapsed.TotalSeconds:0.0} s, standard output:\n{Output}"
        + $"--- standard error:\n{Errors}---\n";
}
