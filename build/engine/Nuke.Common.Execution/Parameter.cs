using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>One parameter of the build class: its name, its type, and the member that takes the value.</summary>
internal sealed record Parameter(MemberInfo Member, ParameterAttribute Attribute)
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
                                          | BindingFlags.Public | BindingFlags.NonPublic;

    public string Name => Attribute.Name ?? Member.Name;

    public bool IsRequired => Member.IsDefined(typeof(RequiredAttribute), inherit: false);

    public Type Type => Member is PropertyInfo property ? property.PropertyType : ((FieldInfo)Member).FieldType;

    public bool IsOfEngine => Member.DeclaringType == typeof(NukeBuild);

    /// <summary>The parameters of a build class, of its base classes and of its interfaces, sorted by name.</summary>
    public static IReadOnlyList<Parameter> Of(Type buildType)
    {
        var types = new List<Type>(buildType.GetInterfaces());
        for (var type = buildType; type is not null && type != typeof(object); type = type.BaseType)
            types.Add(type);
        var parameters = new List<Parameter>();
        foreach (var type in types)
        {
            foreach (var property in type.GetProperties(Declared))
                Add(property);
            foreach (var field in type.GetFields(Declared))
                Add(field);
        }

        parameters.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return parameters;

        // Most members have none; asking for an attribute is dear, asking whether there is one is not.
        void Add(MemberInfo member)
        {
            if (member.IsDefined(typeof(ParameterAttribute), inherit: false))
                parameters.Add(new Parameter(member, member.GetCustomAttribute<ParameterAttribute>(inherit: false)!));
        }
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
