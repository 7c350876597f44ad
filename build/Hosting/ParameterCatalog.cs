using System.Reflection;
using Nuke.Common;

namespace Hosting;

/// <summary>What a build class declares: its parameters and its targets, read from its members once.</summary>
internal sealed class ParameterCatalog
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
                                          | BindingFlags.Public | BindingFlags.NonPublic;

    // Of the engine's own options these are supported. Its others (Host, Profile, Continue, Partition) would undo
    // what this program promises, for example that two runs go side by side.
    private static readonly Dictionary<string, string> s_engineOptions = new()
    {
        ["Help"] = "Shows this text; behind a target, what that one takes, with examples.",
        ["NoLogo"] = "Is accepted and changes nothing: there is no logo.",
        ["Plan"] = "Shows what would run, in which order and why, and runs nothing.",
        ["Root"] = "The folder that holds .nuke. Default is the repository of this script.",
        ["Skip"] = "Leaves these targets out; alone, all that were not called by name.",
        ["Target"] = "The targets, as an option, in place of words in front.",
        ["Verbosity"] = "Verbose, Normal, Minimal or Quiet. Verbose shows where a failure comes from.",
    };

    private ParameterCatalog(IReadOnlyList<string> bindable, IReadOnlyList<ParameterEntry> entries, IReadOnlyList<string> targets)
    {
        Bindable = bindable;
        Entries = entries;
        Targets = targets;
    }

    /// <summary>The names that the engine would bind, supported or not.</summary>
    public IReadOnlyList<string> Bindable { get; }

    /// <summary>The parameters that may be given, sorted by name.</summary>
    public IReadOnlyList<ParameterEntry> Entries { get; }

    /// <summary>The names of all targets, unlisted ones included.</summary>
    public IReadOnlyList<string> Targets { get; }

    public static ParameterCatalog Of(Type buildType)
    {
        var types = buildType.GetInterfaces().ToList();
        for (var type = buildType; type is not null && type != typeof(object); type = type.BaseType)
            types.Add(type);
        var members = types.SelectMany(type => type.GetMembers(Declared)).ToList();

        var all = members
            .Where(member => member.MemberType is MemberTypes.Field or MemberTypes.Property)
            .Select(member => (Member: member, Attribute: member.GetCustomAttribute<ParameterAttribute>(inherit: false)))
            .Where(found => found.Attribute is not null)
            .Select(found => Entry(found.Member, found.Attribute!))
            .ToList();
        return new ParameterCatalog(
            [.. all.Select(entry => entry.Name)],
            [.. all.Where(entry => !entry.IsOfEngine || s_engineOptions.ContainsKey(entry.Name))
                .DistinctBy(entry => entry.Name).OrderBy(entry => entry.Name, StringComparer.Ordinal)],
            [.. members.OfType<PropertyInfo>().Where(property => property.PropertyType == typeof(Target))
                .Select(property => property.Name[(property.Name.LastIndexOf('.') + 1)..]).Distinct()]);
    }

    /// <summary>The parameter that a word such as <c>--dry-run</c> or <c>NUKE_DRY_RUN</c> means, or null.</summary>
    public ParameterEntry? Find(string word) =>
        Entries.FirstOrDefault(entry => entry.Name.Equals(AmbientVariables.Plain(word), StringComparison.OrdinalIgnoreCase));

    /// <summary>The option of a parameter as people type it: <c>--dry-run</c>.</summary>
    public string OptionOf(string name) => Find(name)?.Option ?? throw new InvalidOperationException($"There is no parameter {name}.");

    /// <summary>The sentence about a parameter; empty where there is none.</summary>
    public string DescriptionOf(string name) => Find(name)?.Description ?? "";

    /// <summary>Whether there is a target of that name; dashes and case do not matter.</summary>
    public bool HasTarget(string word) =>
        Targets.Contains(word.Replace("-", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    private static ParameterEntry Entry(MemberInfo member, ParameterAttribute attribute)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
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
