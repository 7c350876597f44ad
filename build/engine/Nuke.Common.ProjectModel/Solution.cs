using System.Text.RegularExpressions;
using Nuke.Common.IO;

namespace Nuke.Common.ProjectModel;

/// <summary>A solution file: the projects that it lists.</summary>
public sealed partial class Solution
{
    private Solution(AbsolutePath path) => Path = path;

    public AbsolutePath Path { get; }

    public string Name => Path.NameWithoutExtension;

    public AbsolutePath Directory => Path.Parent!;

    public IReadOnlyCollection<Project> AllProjects { get; private init; } = [];

    /// <summary>The project of that name, or null.</summary>
    public Project? GetProject(string name) => AllProjects.SingleOrDefault(project => project.Name == name);

    public static implicit operator string(Solution solution) => solution.Path.ToString();

    public override string ToString() => Path.ToString();

    /// <exception cref="FormatException">There is no such file.</exception>
    internal static Solution Read(AbsolutePath path)
    {
        if (!path.FileExists())
            throw new FormatException("does not exist");
        var folder = path.Parent!;
        return new Solution(path)
        {
            AllProjects = [.. ProjectLine().Matches(path.ReadAllText())
                .Where(line => line.Groups["path"].Value.EndsWith("proj", StringComparison.OrdinalIgnoreCase))
                .Select(line => new Project(
                    line.Groups["name"].Value, folder / line.Groups["path"].Value.Replace('\\', '/')))],
        };
    }

    [GeneratedRegex("""^Project\("[^"]*"\) = "(?<name>[^"]*)", "(?<path>[^"]*)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
