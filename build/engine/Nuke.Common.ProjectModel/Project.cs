using Nuke.Common.IO;

namespace Nuke.Common.ProjectModel;

/// <summary>A project that a solution lists.</summary>
public sealed class Project(string name, AbsolutePath path)
{
    public string Name => name;

    public AbsolutePath Path => path;

    public AbsolutePath Directory => path.Parent!;

    public static implicit operator string(Project project) => project.Path.ToString();

    public override string ToString() => name;
}
