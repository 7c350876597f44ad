namespace Nuke.Common.ProjectModel;

/// <summary>A solution whose path is a parameter, usually given in parameters.json.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SolutionAttribute() : ParameterAttribute("Path to a solution file that is automatically loaded.")
{
    public override bool List { get; set; }
}
