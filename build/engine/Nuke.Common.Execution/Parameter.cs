using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>One parameter of the build class: its name, its type, and the member that takes the value.</summary>
internal sealed record Parameter(MemberInfo Member, ParameterAttribute Attribute)
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
                                          | BindingFlags.Public | BindingFlags.NonPublic;

    public string Name => Attribute.Name ?? Member.Name;

    public Type Type => Member is PropertyInfo property ? property.PropertyType : ((FieldInfo)Member).FieldType;

    public bool IsOfEngine => Member.DeclaringType == typeof(NukeBuild);

    /// <summary>The parameters of a build class, of its base classes and of its interfaces, sorted by name.</summary>
    public static IReadOnlyList<Parameter> Of(Type buildType)
    {
        var types = buildType.GetInterfaces().ToList();
        for (var type = buildType; type is not null && type != typeof(object); type = type.BaseType)
            types.Add(type);
        return [.. types
            .SelectMany(type => type.GetMembers(Declared))
            .Where(member => member.MemberType is MemberTypes.Field or MemberTypes.Property)
            .Select(member => (Member: member, Attribute: member.GetCustomAttribute<ParameterAttribute>(inherit: false)))
            .Where(found => found.Attribute is not null)
            .Select(found => new Parameter(found.Member, found.Attribute!))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];
    }

    public object? Read(object build) =>
        Member is PropertyInfo property ? property.GetValue(build) : ((FieldInfo)Member).GetValue(build);

    /// <summary>Fills the member; one that an interface declares is computed by the interface itself.</summary>
    public void Fill(object build, object value)
    {
        switch (Member)
        {
            case FieldInfo field:
                field.SetValue(build, value);
                break;
            case PropertyInfo { SetMethod: not null } property:
                property.SetValue(build, value);
                break;
            case PropertyInfo property when !property.DeclaringType!.IsInterface:
                property.DeclaringType.GetField($"<{property.Name}>k__BackingField", Declared)?.SetValue(build, value);
                break;
        }
    }
}
