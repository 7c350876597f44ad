namespace InstanceKit.Stacks;

/// <summary>Everything that decides what compose files mean, besides their texts.</summary>
/// <param name="Project">The project's name; it wins over the one in the files.</param>
/// <param name="ProjectDirectory">The absolute path that paths in the files are relative to.</param>
/// <param name="ComposeFiles">The absolute paths of the compose files; later ones are laid over earlier ones.</param>
/// <param name="EnvFiles">The absolute paths of the env files for interpolation; of one variable, the last counts.</param>
/// <param name="Profiles">The profiles that are part of it.</param>
/// <param name="Environment">The variables of the process; they win over the env files.</param>
/// <param name="Read">A file's text; <see langword="null"/> when it does not exist.</param>
public sealed record ComposeSource(
    string Project,
    string ProjectDirectory,
    IReadOnlyList<string> ComposeFiles,
    IReadOnlyList<string> EnvFiles,
    IReadOnlyList<string> Profiles,
    IReadOnlyDictionary<string, string> Environment,
    Func<string, string?> Read)
{
    /// <summary>The absolute path that files are named relative to in errors; the project directory where there is none.</summary>
    public string? Root { get; init; }
}
