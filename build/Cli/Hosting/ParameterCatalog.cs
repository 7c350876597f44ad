using System.Reflection;
using System.Text;
using System.Text.Json;
using Cli.Manual;
using InstanceKit;
using Nuke.Common;

namespace Cli.Hosting;

/// <summary>What a build class declares: its parameters and its targets, read from its members once.</summary>
internal sealed class ParameterCatalog
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
                                          | BindingFlags.Public | BindingFlags.NonPublic;

    // Of the engine's own options these are supported. Its others (Host, Profile, Continue, Partition) would undo
    // what this program guarantees, for example that two runs can be concurrent.
    private static readonly Dictionary<string, string> s_engineOptions = new()
    {
        ["Help"] = "Shows this help; after a target, its options and examples.",
        ["NoLogo"] = "Accepted for compatibility; there is no logo.",
        ["Plan"] = "Shows which targets would run, in which order and why, without running them.",
        ["Root"] = "The folder that contains .nuke. Default is the repository of this script.",
        ["Skip"] = "Skips these targets; without a value, all that are not named on the command line.",
        ["Target"] = "The targets to run, as an option instead of leading words.",
        ["Verbosity"] = "Verbose, Normal, Minimal or Quiet. Verbose shows where a failure occurred.",
    };

    // Passed by tools for NUKE, such as the Visual Studio extension; not shown in the help.
    private static readonly ParameterEntry[] s_ofTools =
        [new("VisualStudioDebug", typeof(bool), "", "", IsListed: false, IsOfEngine: true), new("ShellCompletion", typeof(bool), "", "", IsListed: false, IsOfEngine: true)];

    // What NUKE reads in addition to its parameters.
    private static readonly string[] s_otherNames = ["Host", "Profile", "Continue", "Partition", "GenerateConfiguration", "InternalInterceptor"];

    private ParameterCatalog(IReadOnlyList<string> bindable, IReadOnlyList<ParameterEntry> entries, IReadOnlyList<string> targets)
    {
        Bindable = bindable;
        Entries = entries;
        Targets = targets;
    }

    /// <summary>The names that NUKE reads and this build does not let anybody set by a variable.</summary>
    public static IEnumerable<string> Unsupported => s_otherNames.Concat(s_ofTools.Select(entry => entry.Name));

    /// <summary>The names that the engine would bind, supported or not.</summary>
    public IReadOnlyList<string> Bindable { get; }

    /// <summary>The available parameters, sorted by name.</summary>
    public IReadOnlyList<ParameterEntry> Entries { get; }

    /// <summary>The names of all targets, unlisted ones included.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <remarks>Every run starts with it, so it only reads the attributes of members that have any.</remarks>
    public static ParameterCatalog Of(Type buildType)
    {
        List<string> bindable = [], targets = [];
        var entries = new SortedDictionary<string, ParameterEntry>(StringComparer.Ordinal);
        foreach (var type in TypesOf(buildType))
        {
            foreach (var property in type.GetProperties(Declared))
            {
                if (property.PropertyType == typeof(Target))
                    AddTarget(property.Name[(property.Name.LastIndexOf('.') + 1)..]);
                Add(property, property.PropertyType);
            }

            foreach (var field in type.GetFields(Declared))
                Add(field, field.FieldType);
        }

        bindable.AddRange(Unsupported);
        return new ParameterCatalog(bindable, [.. entries.Values], targets);

        void AddTarget(string name)
        {
            if (!targets.Contains(name))
                targets.Add(name);
        }

        void Add(MemberInfo member, Type type)
        {
            if (!member.IsDefined(typeof(ParameterAttribute), inherit: false))
                return;
            var entry = Entry(member, type, member.GetCustomAttribute<ParameterAttribute>(inherit: false)!);
            bindable.Add(entry.Name);
            if (!entry.IsOfEngine || s_engineOptions.ContainsKey(entry.Name))
                entries.TryAdd(entry.Name, entry);
        }
    }

    private static List<Type> TypesOf(Type buildType)
    {
        var types = new List<Type>(buildType.GetInterfaces());
        for (var type = buildType; type is not null && type != typeof(object); type = type.BaseType)
            types.Add(type);
        return types;
    }

    /// <summary>The parameter that a word such as <c>--dry-run</c> or <c>NUKE_DRY_RUN</c> means, or null.</summary>
    public ParameterEntry? Find(string word)
    {
        var plain = AmbientVariables.Plain(word);
        return Entries.Concat(s_ofTools).FirstOrDefault(entry => entry.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The sentence about a parameter; empty where there is none.</summary>
    public string DescriptionOf(string name) => Find(name)?.Description ?? "";

    /// <summary>Whether there is a target of that name; dashes and case do not matter.</summary>
    public bool HasTarget(string word) =>
        Targets.Contains(word.Replace("-", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    private static ParameterEntry Entry(MemberInfo member, Type type, ParameterAttribute attribute)
    {
        var name = attribute.Name ?? member.Name;
        var isOfEngine = member.DeclaringType == typeof(NukeBuild);
        return new ParameterEntry(
            name,
            Nullable.GetUnderlyingType(type) ?? type,
            isOfEngine ? s_engineOptions.GetValueOrDefault(name, "") : attribute.Description ?? "",
            attribute.Separator ?? "",
            attribute.List,
            isOfEngine);
    }
}

/// <summary>A parameter of the command line.</summary>
/// <param name="Name">Its name as declared, such as <c>DryRun</c>.</param>
/// <param name="Type">The type of its value, without <see cref="Nullable{T}"/>.</param>
/// <param name="Description">One sentence for the help text; may be empty.</param>
/// <param name="Separator">What separates the values of a list, or empty.</param>
/// <param name="IsListed">Whether the help text shows it.</param>
/// <param name="IsOfEngine">Whether every build has it.</param>
internal sealed record ParameterEntry(
    string Name, Type Type, string Description, string Separator, bool IsListed, bool IsOfEngine)
{
    /// <summary>The option as people type it: <c>--dry-run</c>.</summary>
    public string Option { get; } = "--" + DashedName.Of(Name);

    public bool IsSwitch => Type == typeof(bool);

    public bool IsList => Type.IsArray || NamesTargets;

    /// <summary>Whether its values are names of targets.</summary>
    public bool NamesTargets => IsOfEngine && Name is "Target" or "Skip";
}

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
