using InstanceKit;
using InstanceKit.Drivers;
using Nuke.Common;
using Nuke.Common.Execution;

namespace Hosting;

/// <summary>A build whose targets are commands for people: quiet, interruptible, with exit codes that mean something.</summary>
[AnswersQuestions]
public abstract class ConsoleBuild : NukeBuild
{
    /// <summary>Creates the build.</summary>
    protected ConsoleBuild() => NoLogo = true;

    /// <summary>Whether targets are announced and summed up at the end.</summary>
    protected virtual bool IsTalkative => InvokedTargets.Count > 1;

    /// <inheritdoc />
    protected override void OnBuildInitialized()
    {
        BuildHost.IsTalkative = IsTalkative;

        // By now the engine has found its root and chosen its colours; the programs it starts choose their own.
        AmbientVariables.Restore("NUKE_ROOT");
        AmbientVariables.Restore("TERM");
    }

    /// <summary>Runs a verb as the action of a target.</summary>
    /// <param name="verb">
    /// Gets a token that the first Ctrl-C cancels, and returns an exit code: 0 for success; anything else fails the
    /// target without further words. <see cref="InstanceKitException"/> is written for people and sets its exit code.
    /// </param>
    protected void Run(Func<CancellationToken, Task<int>> verb)
    {
        ArgumentNullException.ThrowIfNull(verb);
        AmbientVariables.Restore();
        var exitCode = Execute(verb);
        if (exitCode == 0)
            return;
        ExitCode ??= exitCode;
        BuildHost.IsFailureReported = true;
        ReportSummary(notes => new Dictionary<string, string>(notes) { ["exit code"] = $"{exitCode}" });
        throw new TargetStoppedException(exitCode);
    }

    private static int Execute(Func<CancellationToken, Task<int>> verb)
    {
        using var interrupts = new Interrupts();
        try
        {
            return verb(interrupts.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            FailureText.Write(failure, Verbosity == Verbosity.Verbose);
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return (int)InstanceKit.ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // A defect, and not the person's fault: one line for them, the whole of it for the report.
            FailureText.Write(new InstanceKitException(
                InstanceKit.ExitCode.Failed,
                $"Internal error: {e.Message} ({e.GetType().Name}).",
                "Please report it with the output of the same command with --verbosity verbose.",
                e), Verbosity == Verbosity.Verbose);
            return (int)InstanceKit.ExitCode.Failed;
        }
    }
}
