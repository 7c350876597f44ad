using System.Linq.Expressions;
using InstanceKit;
using InstanceKit.Models;

namespace Nuke.Common.Execution;

/// <summary>Walks through the plan: skips, runs, and stops at the first failure.</summary>
internal sealed class BuildExecutor(NukeBuild build)
{
    /// <param name="skipped">The targets to leave out; empty for all dependencies; null for none.</param>
    /// <exception cref="UsageException">A requirement does not hold; nothing has run.</exception>
    public void Run(IReadOnlyList<string>? skipped)
    {
        MarkSkipped(skipped);
        foreach (var target in build.ExecutionPlan.Where(target => target.Status == ExecutionStatus.Scheduled))
            CheckConditions(target, target.Definition.StaticConditions);
        CheckRequirements();

        // Ctrl-C ends the process right after this; the summary says how far it got.
        ConsoleCancelEventHandler interrupted = (_, _) => Close();
        Console.CancelKeyPress += interrupted;
        try
        {
            var failed = false;
            foreach (var target in build.ExecutionPlan)
            {
                if (!failed || (target.Definition.IsAssuredAfterFailure && target.Status == ExecutionStatus.Scheduled))
                    failed |= !Run(target) && !target.Definition.IsProceedAfterFailure;
            }
        }
        finally
        {
            Console.CancelKeyPress -= interrupted;
            Close();
        }
    }

    private void Close()
    {
        foreach (var target in build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var other => other,
            };
        }

        NukeBuild.Host.CloseBuild(build);
    }

    private bool Run(ExecutableTarget target)
    {
        if (target.Status == ExecutionStatus.Skipped || !CheckConditions(target, target.Definition.DynamicConditions))
        {
            target.Status = ExecutionStatus.Skipped;
            return true;
        }

        if (target.Definition.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return true;
        }

        using var block = NukeBuild.Host.OpenBlock(target.Name);
        target.Stopwatch.Start();
        target.Status = ExecutionStatus.Running;
        try
        {
            target.Definition.Actions.ForEach(action => action());
            target.Status = ExecutionStatus.Succeeded;
        }
        catch (Exception e)
        {
            target.Status = ExecutionStatus.Failed;
            Report(target, e);
        }

        target.Stopwatch.Stop();
        return target.Status == ExecutionStatus.Succeeded;
    }

    private static void Report(ExecutableTarget target, Exception e)
    {
        if (target.SummaryInformation.Count == 0)
            target.SummaryInformation[e.GetType().Name] = e.Message.Split('\n')[0].TrimEnd();
        if (!NukeBuild.Host.IsFiltered("Target {TargetName} has thrown an exception"))
            Console.WriteLine($"Target {target.Name} failed: {(NukeBuild.Verbosity == Verbosity.Verbose ? e : e.Message)}");
    }

    private void MarkSkipped(IReadOnlyList<string>? names)
    {
        if (names is null)
            return;
        var chosen = names.Select(name => TargetGraph.Find(build.AllTargets, name)).ToList();
        foreach (var target in build.ExecutionPlan.Where(target => chosen.Count == 0 || chosen.Contains(target)))
            Skip(target, "via parameter");
    }

    /// <summary>Skips a target that was not called by name, and with it what nothing else needs.</summary>
    private void Skip(ExecutableTarget target, string reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;
        if (!target.Invoked || reason.Length == 0)
        {
            target.Status = ExecutionStatus.Skipped;
            if (reason.Length > 0)
                target.SummaryInformation["Skipped"] = reason;
        }

        if (target.Definition.DependencyBehavior == DependencyBehavior.Execute)
            return;
        foreach (var other in target.ExecutionDependencies.Concat(target.Triggers))
        {
            var needed = build.ExecutionPlan.Any(one =>
                one != target && one.Status == ExecutionStatus.Scheduled
                && (one.ExecutionDependencies.Contains(other) || one.Triggers.Contains(other)));
            if (!needed)
                Skip(other, $"because of {target.Name}");
        }
    }

    private bool CheckConditions(ExecutableTarget target, List<(string Text, Func<bool> Holds)> conditions)
    {
        if (conditions.Count == 0)
            return true;
        var broken = conditions.Where(condition => !condition.Holds()).Select(condition => condition.Text).ToList();
        if (broken.Count == 0)
            return true;
        target.SummaryInformation["OnlyWhen"] = string.Join(" && ", broken);
        Skip(target, "");
        return false;
    }

    private void CheckRequirements()
    {
        foreach (var target in build.ExecutionPlan.Where(target => target.Status == ExecutionStatus.Scheduled))
        {
            foreach (var requirement in target.Definition.Requirements)
            {
                if (requirement is Expression<Func<bool>> condition ? !condition.Compile()() : IsMissing(requirement))
                    throw new UsageException($"Target {target.Name} requires {NameOf(requirement)}.");
            }
        }

        foreach (var parameter in Parameter.Of(build.GetType()))
        {
            if (parameter.IsRequired && parameter.Read(build) is null or "")
                throw new UsageException($"Parameter {parameter.Name} is required and has no value.");
        }
    }

    private static bool IsMissing(LambdaExpression requirement) =>
        requirement.Compile().DynamicInvoke() is null or "";

    private static string NameOf(LambdaExpression requirement) =>
        requirement.Body is MemberExpression member ? $"parameter {member.Member.Name}" : $"that {requirement.Body}";
}

/// <summary>A build that cannot even start as it was called or written: one sentence, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The exit code of such a run.</summary>
    public const int ExitCode = 2;
}

/// <summary>An attribute on the build class that takes part in the run.</summary>
public interface IBuildExtension
{
    /// <summary>Higher goes first.</summary>
    float Priority { get; }
}

/// <summary>Called once the plan is known and before anything runs.</summary>
public interface IOnBuildInitialized : IBuildExtension
{
    void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan);
}

/// <summary>The base of such attributes.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    public INukeBuild Build { get; internal set; } = null!;

    public virtual float Priority { get; set; }
}
