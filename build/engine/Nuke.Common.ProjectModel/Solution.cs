using System.Text.RegularExpressions;
using Nuke.Common.IO;

namespace Nuke.Common.ProjectModel;

/// <summary>A solution file: the projects that it lists.</summary>
public sealed partial class Solution
{
    private readonly AbsolutePath _path;
    private readonly Lazy<IReadOnlyCollection<Project>> _projects;

    private Solution(AbsolutePath path)
    {
        _path = path;
        _projects = new Lazy<IReadOnlyCollection<Project>>(() => ReadProjects(path));
    }

    /// <summary>Its projects, read when they are first asked for: most targets need none.</summary>
    public IReadOnlyCollection<Project> AllProjects => _projects.Value;

    public static implicit operator string(Solution solution) => solution._path.ToString();

    /// <exception cref="FormatException">There is no such file.</exception>
    internal static Solution Read(AbsolutePath path)
    {
        if (!File.Exists(path))
            throw new FormatException("does not exist");
        return new Solution(path);
    }

    private static IReadOnlyCollection<Project> ReadProjects(AbsolutePath path) =>
    [
        .. (path.ToString().EndsWith(".slnx", StringComparison.OrdinalIgnoreCase) ? ProjectElement() : ProjectLine()).Matches(File.ReadAllText(path.ToString()))
            .Where(line => line.Groups["path"].Value.EndsWith("proj", StringComparison.OrdinalIgnoreCase))
            .Select(line => new Project(
                line.Groups["name"] is { Success: true } name ? name.Value : Path.GetFileNameWithoutExtension(line.Groups["path"].Value.Replace('\\', '/')), path.Parent! / line.Groups["path"].Value.Replace('\\', '/'))),
    ];

    [GeneratedRegex("""^Project\("[^"]*"\) = "(?<name>[^"]*)", "(?<path>[^"]*)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [GeneratedRegex(@"<Project\s[^>]*?Path=""(?<path>[^""]*)""")]
    private static partial Regex ProjectElement();
}

/// <summary>A project that a solution lists.</summary>
public sealed class Project(string name, AbsolutePath path)
{
    public string Name => name;

    public static implicit operator string(Project project) => project.Path;

    private string Path => path.ToString();
}

/// <summary>A solution whose path is a parameter, usually given in parameters.json.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SolutionAttribute() : ParameterAttribute("Path to a solution file that is automatically loaded.")
{
    public override bool List { get; set; }
}
