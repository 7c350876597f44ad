using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Evaluates a workspace's own PM2 file with node.</summary>
internal static class Pm2ConfigRunner
{
    private const string ScriptName = "evaluate-config.cjs";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The variables with which the workspace's config is evaluated.</summary>
    public static Dictionary<string, string> Variables(int instance) => new()
    {
        ["SHIPSEC_INSTANCE"] = instance.ToString(),
        ["SHIPSEC_ENV"] = "development",
        ["NODE_ENV"] = "development",
    };

    /// <inheritdoc cref="Pm2Client.EvaluateConfigAsync"/>
    public static async Task<EvaluatedConfig> EvaluateAsync(
        string configFile, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var file = Path.GetFullPath(configFile);
        if (!File.Exists(file))
            throw InstanceKitException.Usage($"PM2 config '{file}' not found.", "Set the key pm2 in instancekit.yml to an existing file.");
        var spec = new ProcessSpec
        {
            Program = "node",
            Arguments = ["-e", Pm2ScriptReader.Read(ScriptName), "--", file],
            WorkingDirectory = Path.GetDirectoryName(file),
            Environment = environment,
            Timeout = Timeout,
            InstallHint = Node.InstallHint,
        };
        var result = await ProcessRunner.RunAsync(spec, cancellation: cancellation);
        return ReadResult(file, result);
    }

    private static EvaluatedConfig ReadResult(string file, ProcessResult result)
    {
        var last = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        if (TryParse(last) is not { } document)
            throw InstanceKitException.Usage(
                $"'{file}' ended with exit code {result.ExitCode} instead of returning its apps.{Pm2ScriptReader.Tail(result.StandardError)}",
                "Fix it so that this prints its apps: node -p "
                    + ShellQuote.Posix($"JSON.stringify(require({System.Text.Json.Nodes.JsonValue.Create(file).ToJsonString()}))"));
        using (document)
        {
            if (document.RootElement.TryGetProperty("apps", out var apps))
                return new EvaluatedConfig(apps.GetRawText(), Texts(document.RootElement, "files"), Texts(document.RootElement, "variables"));
            var error = document.RootElement.GetProperty("error");
            var line = error.GetProperty("line") is { ValueKind: JsonValueKind.Number } number ? $", line {number}" : "";
            throw InstanceKitException.Usage(
                $"Could not evaluate '{file}'{line}: {error.GetProperty("message").GetString()}",
                "Fix the file; run it with 'node' to see the error.");
        }
    }

    private static IReadOnlyList<string> Texts(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A PM2 file, evaluated.</summary>
/// <param name="Apps">Its apps: the text of a JSON array.</param>
/// <param name="Files">The files that it has read or required, absolute.</param>
/// <param name="Variables">The names of the variables that it has read.</param>
internal sealed record EvaluatedConfig(string Apps, IReadOnlyList<string> Files, IReadOnlyList<string> Variables);
