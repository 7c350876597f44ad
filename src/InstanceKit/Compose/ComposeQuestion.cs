using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>The question for an instance's model, as it is put to Compose.</summary>
/// <param name="Process">What would be run.</param>
/// <param name="ComposeFiles">The absolute paths of the compose files.</param>
/// <param name="EnvFiles">The absolute paths of the env files.</param>
/// <param name="ProjectDirectory">The absolute path of the project directory.</param>
public sealed record ComposeQuestion(
    ProcessSpec Process, IReadOnlyList<string> ComposeFiles, IReadOnlyList<string> EnvFiles, string ProjectDirectory)
{
    /// <summary>The whole environment that Compose would run in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = Effective(Process.Environment);

    private static Dictionary<string, string> Effective(IReadOnlyDictionary<string, string?> changes)
    {
        var names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var result = new Dictionary<string, string>(names);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            result[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = value;
        }

        return result;
    }
}

/// <summary>Answers the question for a model on a machine that has no Compose.</summary>
public static class ComposeStandIn
{
    /// <summary>Reads the model of the compose files as <see cref="ComposeClient.ReadModelAsync"/> would; nothing is run.</summary>
    /// <param name="question">The question that would be put to Compose.</param>
    /// <returns>The model as Compose would print it, for <see cref="ComposeModelReader"/>.</returns>
    /// <exception cref="InstanceKitException">A file is wrong or can't be read, or only Compose understands it.</exception>
    public static string ReadModel(ComposeQuestion question, InstanceSpec spec) => ComposeDocument.Read(new ComposeSource(
        spec.Project, question.ProjectDirectory, question.ComposeFiles, question.EnvFiles, spec.Stack.ComposeProfiles,
        question.Environment, path => WorkspaceTextReader.ReadYaml(path, spec.Paths.Relative(path)))
    {
        Root = spec.Workspace,
    });
}
