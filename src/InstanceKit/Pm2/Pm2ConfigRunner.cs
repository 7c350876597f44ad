using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InstanceKit.Models;
using InstanceKit.Platform;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Pm2;

/// <summary>Evaluates a workspace's own PM2 file with node.</summary>
internal static partial class Pm2ConfigRunner
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
        if (Path.GetExtension(file) is ".yml" or ".yaml")
            return new EvaluatedConfig(Pm2Yaml.ReadApps(file), [], []);
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
                    + ShellQuote.Posix($"JSON.stringify(require({JsonValue.Create(file).ToJsonString()}))"));
        using (document)
        {
            if (document.RootElement.TryGetProperty("apps", out var apps))
                return new EvaluatedConfig(apps.GetRawText(), Texts(document.RootElement, "files"), Texts(document.RootElement, "variables"));
            var error = document.RootElement.GetProperty("error");
            var line = error.GetProperty("line") is { ValueKind: JsonValueKind.Number } number ? $", line {number}" : "";
            var message = error.GetProperty("message").GetString()!;
            if (MissingPackage().Match(message) is { Success: true } missing)
                throw new MissingPackageException(file, missing.Groups["name"].Value);
            throw InstanceKitException.Usage(
                $"Could not evaluate '{file}'{line}: {message}",
                "Fix the file; run it with 'node' to see the error.");
        }
    }

    /// <remarks>A relative or absolute path is a mistake in the config, not a package.</remarks>
    [GeneratedRegex("^Cannot find (?:module|package) '(?<name>[^'./\\\\][^'\\\\]*)'", RegexOptions.CultureInvariant)]
    private static partial Regex MissingPackage();

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

/// <summary>A PM2 file needs a package that is not installed.</summary>
internal sealed class MissingPackageException(string file, string package) : InstanceKitException(
    ExitCode.Usage, $"Could not evaluate '{file}': its package {package} is not installed.",
    $"Install the packages of the workspace: {PackageManagerProbe.Find(Path.GetDirectoryName(file)!)?.Command ?? "npm install"}");

/// <summary>The apps of a PM2 file in YAML, which Node.js can't read.</summary>
internal static class Pm2Yaml
{
    /// <summary>The apps as a JSON array; an app without a name is named after its script, as by PM2.</summary>
    /// <exception cref="InstanceKitException">The file is not YAML, or has no apps.</exception>
    public static string ReadApps(string file)
    {
        try
        {
            var root = YamlText.Load(FileStore.ReadText(file) ?? "") is [var document, ..] ? Convert(document.RootNode) : null;
            var apps = root is JsonObject mapping ? mapping["apps"] ?? root : root;
            var list = apps is JsonArray several ? several : new JsonArray(apps?.DeepClone());
            if (list.Count == 0 || !list.All(a => a is JsonObject app && (app["script"] ?? app["name"]) is not null))
                throw InstanceKitException.Usage($"'{file}' contains no apps.", "List the apps under the key apps, each with a script.");
            foreach (var app in list.OfType<JsonObject>())
                app["name"] = $"{app["name"] ?? Path.GetFileName($"{app["script"]}")}";
            return list.ToJsonString();
        }
        catch (YamlException e)
        {
            throw InstanceKitException.Usage($"'{file}' is not valid YAML: line {e.Start.Line}: {YamlText.ReasonOf(e)}", "Fix the file.");
        }
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.DistinctBy(c => $"{c.Key}").Select(c => KeyValuePair.Create($"{c.Key}", Convert(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } word } => ComposeScalar.Resolve(word),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
