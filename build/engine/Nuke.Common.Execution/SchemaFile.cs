using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.Tooling;

namespace Nuke.Common.Execution;

/// <summary>
/// Writes <c>.nuke/build.schema.json</c>, by which editors check parameters.json and IDEs offer targets. It comes out as
/// NUKE writes it, so that the committed file does not depend on the engine that ran last.
/// </summary>
internal static class SchemaFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    private static readonly string[] s_hosts =
    [
        "AppVeyor", "AzurePipelines", "Bamboo", "Bitbucket", "Bitrise", "GitHubActions", "GitLab", "Jenkins", "Rider",
        "SpaceAutomation", "TeamCity", "Terminal", "TravisCI", "VSCode", "VisualStudio",
    ];

    // NUKE's own parameters, those included that this engine does not have.
    private static readonly (string Name, string Description, string? Reference, string Type)[] s_engine =
    [
        ("Continue", "Indicates to continue a previously failed build attempt", null, "boolean"),
        ("Help", "Shows the help text for this build assembly", null, "boolean"),
        ("Host", "Host for execution. Default is 'automatic'", "Host", ""),
        ("NoLogo", "Disables displaying the NUKE logo", null, "boolean"),
        ("Partition", "Partition to use on CI", null, "string"),
        ("Plan", "Shows the execution plan (HTML)", null, "boolean"),
        ("Profile", "Defines the profiles to load", null, "array"),
        ("Root", "Root directory during build execution", null, "string"),
        ("Skip", "List of targets to be skipped. Empty list skips all dependencies", "ExecutableTarget", "array"),
        ("Target", "List of targets to be invoked. Default is '{default_target}'", "ExecutableTarget", "array"),
        ("Verbosity", "Logging verbosity during build execution. Default is 'Normal'", "Verbosity", ""),
    ];

    /// <summary>Writes the file when it says something else than before.</summary>
    /// <remarks>It follows from the program alone, so a file that this program has found right is not looked into again.</remarks>
    public static void Write(IReadOnlyList<Parameter> parameters, IReadOnlyList<ExecutableTarget> targets)
    {
        var path = Path.Combine(NukeBuild.RootDirectory.ToString(), ".nuke", "build.schema.json");
        var seen = new SchemaSeen(path);
        if (seen.IsUnchanged)
            return;
        Compare(path, parameters, targets);
        seen.Remember();
    }

    private static void Compare(string path, IReadOnlyList<Parameter> parameters, IReadOnlyList<ExecutableTarget> targets)
    {
        var text = Schema(parameters, targets).ToJsonString(s_options) + "\n";
        if (File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text)
            return;

        // Beside and renamed, because another run may be reading or writing it.
        var beside = $"{path}.{Environment.ProcessId}";
        File.WriteAllText(beside, text, new UTF8Encoding(false));
        File.Move(beside, path, overwrite: true);
    }

    private static JsonObject Schema(IReadOnlyList<Parameter> parameters, IReadOnlyList<ExecutableTarget> targets)
    {
        var ownHost = NukeBuild.Host.GetType() == typeof(Host) ? [] : new[] { NukeBuild.Host.GetType().Name };
        var own = parameters.Where(parameter => !parameter.IsOfEngine).DistinctBy(parameter => parameter.Name);
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-04/schema#",
            ["definitions"] = new JsonObject
            {
                ["Host"] = Choice(s_hosts.Concat(ownHost).Order(StringComparer.Ordinal)),
                ["ExecutableTarget"] = Choice(targets.Select(target => target.Name).Order(StringComparer.Ordinal)),
                ["Verbosity"] = Choice(Enum.GetNames<Verbosity>(), description: ""),
                ["NukeBuild"] = Properties(s_engine.Select(one => (one.Name, Property(one.Type, one.Description, one.Reference)))),
            },
            ["allOf"] = new JsonArray(
                Properties(own.Select(parameter => (parameter.Name, Property(parameter)))),
                new JsonObject { ["$ref"] = "#/definitions/NukeBuild" }),
        };
    }

    private static JsonObject Properties(IEnumerable<(string Name, JsonObject Schema)> properties)
    {
        var all = new JsonObject();
        foreach (var (name, schema) in properties)
            all[name] = schema;
        return new JsonObject { ["properties"] = all };
    }

    private static JsonObject Choice(IEnumerable<string> values, string? description = null)
    {
        var choice = new JsonObject { ["type"] = "string" };
        if (description is not null)
            choice["description"] = description;
        choice["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        return choice;
    }

    private static JsonObject Property(Parameter parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        var isNullable = type != parameter.Type;
        var property = Property(TypeName(type), parameter.Attribute.Description?.TrimEnd('.'), null);
        if (isNullable)
            property["type"] = new JsonArray(TypeName(type), "null");
        if (type.IsSubclassOf(typeof(Enumeration)))
            property["enum"] = new JsonArray([.. Enumeration.NamesOf(type).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]);
        return property;
    }

    private static JsonObject Property(string type, string? description, string? reference)
    {
        var property = new JsonObject();
        if (type.Length > 0)
            property["type"] = type;
        if (description is not null)
            property["description"] = description;
        var target = reference is null ? null : new JsonObject { ["$ref"] = $"#/definitions/{reference}" };
        if (type == "array")
            property["items"] = target ?? new JsonObject { ["type"] = "string" };
        else if (target is not null)
            property["$ref"] = $"#/definitions/{reference}";
        return property;
    }

    private static string TypeName(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsArray => "array",
        TypeCode.Boolean => "boolean",
        TypeCode.Int32 or TypeCode.Int64 when !type.IsEnum => "integer",
        TypeCode.Double or TypeCode.Decimal => "number",
        _ => "string",
    };
}

/// <summary>What a program remembers, beside itself, of the schema file that it last compared.</summary>
/// <param name="path">The schema file.</param>
internal sealed class SchemaSeen(string path)
{
    private readonly string _memory = Path.Combine(AppContext.BaseDirectory, "schema.seen");

    /// <summary>Whether the file is the one that was compared: the same path, size and time of writing.</summary>
    public bool IsUnchanged => Describe() is { } now && File.Exists(_memory) && File.ReadAllText(_memory) == now;

    /// <summary>Remembers the file as it is. Where the program's folder can't be written, the next run compares again.</summary>
    public void Remember()
    {
        try
        {
            File.WriteAllText(_memory, Describe());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only time is lost.
        }
    }

    private string? Describe() => new FileInfo(path) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}")
        : null;
}

/// <summary>Answers the switches of tools around NUKE: shell completion and the extension of Visual Studio.</summary>
internal static class ToolRequests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Ends the process once the schema is written, or waits for a debugger, where that is asked for.</summary>
    /// <exception cref="UsageException">No debugger came.</exception>
    public static void Answer(ParameterSource parameters, string temporaryDirectory)
    {
        if (parameters.HasSwitch("ShellCompletion"))
            Environment.Exit(0);
        if (!parameters.HasSwitch("VisualStudioDebug"))
            return;

        // The extension reads the id from this file, and attaches itself to the process.
        Directory.CreateDirectory(temporaryDirectory);
        File.WriteAllText(Path.Combine(temporaryDirectory, "visual-studio-debug.log"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (!SpinWait.SpinUntil(() => Debugger.IsAttached, s_patience))
            throw new UsageException($"no debugger was attached within {s_patience.TotalSeconds:0} s, as --visual-studio-debug requires.");
    }
}
