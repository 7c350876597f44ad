using InstanceKit;
using Output;

namespace Cli;

/// <summary>The command on the shell.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Completion</c>.</summary>
    public Task<int> WriteCompletionAsync()
    {
        try
        {
            output.Data.Writer.Write(ShellScript.For(words.Shell, context.RepositoryRoot, context.Launcher));
            return Task.FromResult((int)ExitCode.Ok);
        }
        catch (InstanceKitException e)
        {
            return Task.FromResult(ErrorOutput.Write(output, e));
        }
    }
}
