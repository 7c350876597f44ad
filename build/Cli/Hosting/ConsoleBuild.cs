using InstanceKit;
using InstanceKit.Platform;
using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.Execution;

namespace Cli.Hosting;

/// <summary>A build whose targets are commands: quiet, interruptible, with documented exit codes.</summary>
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
}

/// <summary>Runs verbs as actions of targets.</summary>
internal static class VerbRunner
{
    /// <summary>Runs a verb as the action of a target.</summary>
    /// <param name="build">The build.</param>
    /// <param name="verb">
    /// Gets a token that the first Ctrl-C cancels, and returns an exit code: 0 for success; anything else fails the
    /// target without further output. <see cref="InstanceKitException"/> is reported and sets its exit code.
    /// </param>
    public static void Run(INukeBuild build, Func<CancellationToken, Task<int>> verb)
    {
        ArgumentNullException.ThrowIfNull(verb);
        AmbientVariables.Restore();
        var exitCode = Execute(verb);
        if (exitCode == 0)
            return;
        build.ExitCode ??= exitCode;
        BuildHost.IsFailureReported = true;
        build.ReportSummary(notes => new Dictionary<string, string>(notes) { ["exit code"] = $"{exitCode}" });
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
            FailureText.Write(failure, NukeBuild.Verbosity == Verbosity.Verbose);
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return (int)InstanceKit.ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // A defect, and not the person's fault: one line for them, the whole of it for the report.
            FailureText.Write(InstanceKitException.Internal(e), NukeBuild.Verbosity == Verbosity.Verbose);
            return (int)InstanceKit.ExitCode.Failed;
        }
    }
}

/// <summary>Signals to the engine that a target has failed, after the failure was reported.</summary>
internal sealed class TargetStoppedException(int exitCode) : Exception($"exited with code {exitCode}")
{
    /// <summary>Short, because some hosts of the engine print it whole.</summary>
    public override string ToString() => Message;
}

/// <summary>
/// The host of this build outside CI. As an <see cref="IBuildServer"/> it keeps NUKE from opening its log file
/// exclusively, so that several runs can be concurrent, and from prompting for missing values. It also keeps the engine
/// quiet about what the targets report themselves.
/// </summary>
public class BuildHost : Host, IBuildServer
{
    private static readonly string[] s_servers =
    [
        "APPVEYOR", "TF_BUILD", "bamboo_planKey", "BITBUCKET_PIPELINE_UUID", "BITRISE_BUILD_URL", "GITHUB_ACTIONS",
        "GITLAB_CI", "JENKINS_HOME", "JENKINS_URL", "JB_SPACE_PROJECT_KEY", "TEAMCITY_VERSION", "TRAVIS",
    ];

    /// <summary>Whether there is no build server, for which the engine has its own hosts.</summary>
    public static bool IsRunningBuildHost =>
        !s_servers.Any(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 });

    /// <summary>Whether targets are announced and summed up; a single verb speaks for itself.</summary>
    internal static bool IsTalkative { get; set; }

    /// <summary>Whether the failure that ends the run has already been written.</summary>
    internal static bool IsFailureReported { get; set; }

    string? IBuildServer.Branch => null;

    string? IBuildServer.Commit => null;

    /// <inheritdoc />
    protected override IDisposable WriteBlock(string text)
    {
        if (IsTalkative)
            Console.Error.WriteLine($"── {text}");
        return new Block();
    }

    /// <inheritdoc />
    protected override bool FilterMessage(string message) =>
        IsFailureReported && message.StartsWith("Target {TargetName} has thrown", StringComparison.Ordinal);

    /// <inheritdoc />
    protected override void WriteErrorsAndWarnings()
    {
        // They stand where they occurred.
    }

    /// <inheritdoc />
    protected override void WriteTargetOutcome(INukeBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (!IsTalkative || build.Help || build.Plan)
            return;
        var width = build.ExecutionPlan.Max(target => target.Name.Length) + 2;
        Console.Error.WriteLine();
        foreach (var target in build.ExecutionPlan.Where(target => target.Status != ExecutionStatus.Collective))
        {
            var duration = target.Duration == TimeSpan.Zero ? "" : $"{target.Duration.TotalSeconds:0.0} s";
            var notes = string.Join(", ", target.SummaryInformation.Select(note => $"{note.Key}: {note.Value}"));
            Console.Error.WriteLine($"{target.Name.PadRight(width)}{target.Status,-10}{duration,9}   {notes}".TrimEnd());
        }
    }

    /// <inheritdoc />
    protected override void WriteBuildOutcome(INukeBuild build)
    {
        // The exit code and the lines above are sufficient.
    }

    private sealed class Block : IDisposable
    {
        public void Dispose()
        {
            if (IsTalkative)
                Console.Error.Flush();
        }
    }
}

/// <summary>Writes a failure as one block on standard error, one line if the message is one, without internals.</summary>
internal static class FailureText
{
    /// <summary>Called with every failure that is written: writes it to standard output if JSON was requested.</summary>
    public static Action<InstanceKitException>? WriteData { get; set; }

    /// <summary>Writes the message and the remedy; the technical part only with verbose output.</summary>
    public static void Write(InstanceKitException failure, bool isVerbose = false)
    {
        var writer = BuildStreams.Progress;
        var (red, plain) = BuildStreams.IsProgressColoured ? ("\u001b[31m", "\u001b[0m") : ("", "");
        writer.WriteLine($"{red}error:{plain} {failure.OneLine ?? string.Join(writer.NewLine, failure.Message, failure.Remedy).TrimEnd()}");
        if (isVerbose)
            writer.WriteLine(failure);
        WriteData?.Invoke(failure);
    }
}

/// <summary>
/// Puts the plan into the order of the call, and answers <c>--plan</c> and <c>--help</c> as plain text before the engine
/// does: NUKE would open a browser for the plan.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnswersQuestionsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    // NUKE's own answers have the priorities 10 and 5.
    public override float Priority { get; set; } = 20;

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var plan = TargetOrder.Apply(executionPlan, BuildProgram.CalledTargets);
        ((NukeBuild)Build).ExecutionPlan = plan;
        if (Build.Help) // set by a variable: the command line was handled before
            Environment.Exit(HelpText.Write(BuildProgram.Handbook(), ParameterCatalog.Of(Build.GetType())));
        if (!Build.Plan)
            return;
        foreach (var line in PlanText.Lines(plan))
            BuildStreams.Data.WriteLine(line);
        Environment.Exit(0);
    }
}

/// <summary>The output of <c>--plan</c>: what would run, in which order, and why.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var number = 0;
        foreach (var target in plan)
            yield return $"{++number}. {target.Name}{Cause(target, plan)}";
    }

    private static string Cause(ExecutableTarget target, IReadOnlyCollection<ExecutableTarget> plan)
    {
        if (target.Invoked)
            return "";
        if (plan.FirstOrDefault(other => other.ExecutionDependencies.Contains(target)) is { } needing)
            return $", needed by {needing.Name}";
        if (plan.FirstOrDefault(other => other.Triggers.Contains(target)) is { } triggering)
            return $", triggered by {triggering.Name}";
        return target.IsDefault ? ", the default" : "";
    }
}

/// <summary>
/// Runs targets in call order. NUKE orders targets that do not depend on each other by
/// their place in the class, last one first, so that <c>Clean Up</c> could become Up, then Clean.
/// </summary>
internal static class TargetOrder
{
    /// <summary>The same targets, each after its dependencies, else in the order of the names.</summary>
    public static IReadOnlyCollection<ExecutableTarget> Apply(
        IReadOnlyCollection<ExecutableTarget> plan, IReadOnlyList<string> called)
    {
        var ordered = new List<ExecutableTarget>();
        var names = called.Select(name => name.Replace("-", "", StringComparison.Ordinal));
        var first = names.Select(name => plan.First(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        foreach (var target in first.Concat(plan))
            Add(target);
        return ordered;

        void Add(ExecutableTarget target)
        {
            if (ordered.Contains(target))
                return;
            foreach (var other in plan.Where(target.AllDependencies.Contains))
                Add(other);
            ordered.Add(target);
        }
    }
}
