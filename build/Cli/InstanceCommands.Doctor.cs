using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using Output;

namespace Cli;

/// <summary>The command on the requirements of instances.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Doctor</c>; a workspace that can't be used is one of its findings.</summary>
    public async Task<int> ExamineAsync(CancellationToken cancellation)
    {
        try
        {
            var facts = await new MachineDoctor(ToDoctorOptions()).CollectFactsAsync(cancellation);
            var findings = Diagnosis.Of(facts);
            if (output.IsJson)
                JsonOutput.Write(output.Data.Writer, DiagnosisDocument.Of(facts, findings));
            else
                new DiagnosisText(output.Data).Write(findings);
            return (int)Diagnosis.ExitCodeOf(findings);
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }

    private DoctorOptions ToDoctorOptions()
    {
        string? workspace = null;
        InstanceKitException? problem = null;
        try
        {
            workspace = WorkspaceLocator.Locate(words.Workspace, context);
        }
        catch (InstanceKitException e)
        {
            problem = e;
        }

        var selected = SelectorWord.Find(words.Instance, workspace ?? context.RepositoryRoot, context.Variable);
        return new DoctorOptions
        {
            RepositoryRoot = context.RepositoryRoot,
            ToolsDirectory = InstanceRequest.ToolsOf(context),
            Workspace = workspace,
            WorkspaceProblem = problem,
            StackName = words.StackName is { } name ? StackDefinition.RequireName(name) : null,
            Next = words.ToNext(context.Launcher),
            Infra = InfraWord.Parse(words.Infra),
            Selector = selected.Origin is null ? null : selected.Selector,
        };
    }
}
