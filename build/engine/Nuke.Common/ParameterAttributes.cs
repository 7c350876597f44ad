namespace Nuke.Common;

/// <summary>Marks a field or property that is filled from the command line, the environment or parameters.json.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ParameterAttribute(string? description = null) : Attribute
{
    public virtual string? Description { get; } = description;

    /// <summary>The name when it is not the member's.</summary>
    public string? Name { get; set; }

    /// <summary>One character that separates the values of a list.</summary>
    public string? Separator { get; set; }

    /// <summary>Whether the help text shows it.</summary>
    public virtual bool List { get; set; } = true;
}

/// <summary>A member without which nothing runs.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
