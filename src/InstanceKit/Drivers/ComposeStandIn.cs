using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Drivers;

/// <summary>Answers the question for a model on a machine that has no Compose.</summary>
public static class ComposeStandIn
{
    /// <summary>Reads the model of the compose files as <see cref="ComposeDriver.ReadModelAsync"/> would; nothing is run.</summary>
    /// <param name="question">The question that would be put to Compose.</param>
    /// <param name="spec">The instance.</param>
    /// <returns>The model as Compose would print it, for <see cref="ComposeModelReader"/>.</returns>
    /// <exception cref="InstanceKitException">A file is wrong or can't be read, or only Compose understands it.</exception>
    public static string ReadModel(ComposeQuestion question, InstanceSpec spec) => ComposeDocument.Read(new ComposeSource(
        spec.Project, question.ProjectDirectory, question.ComposeFiles, question.EnvFiles, spec.Stack.ComposeProfiles,
        question.Environment, path => WorkspaceText.ReadYaml(path, spec.Paths.Relative(path)))
    {
        Root = spec.Workspace,
    });
}
