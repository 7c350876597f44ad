using Manual;

namespace Hosting;

/// <summary>A parameter that the command line may give.</summary>
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
