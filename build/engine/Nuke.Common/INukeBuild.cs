using System.Linq.Expressions;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>What a component, an interface with targets, sees of the build that implements it.</summary>
public interface INukeBuild
{
    AbsolutePath RootDirectory { get; }
    AbsolutePath TemporaryDirectory { get; }
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> SkippedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }
    bool IsSucceeding { get; }
    bool IsFailing { get; }
    bool IsFinished { get; }
    int? ExitCode { get; set; }
    Verbosity Verbosity { get; }
    Host Host { get; }
    bool Plan { get; }
    bool Help { get; }
    bool NoLogo { get; }
    bool IsLocalBuild { get; }
    bool IsServerBuild { get; }

    /// <summary>Notes for the running target's line in the summary.</summary>
    void ReportSummary(Configure<Dictionary<string, string>> configurator);

    /// <summary>The value given for a parameter that a component declares, or null.</summary>
    T? TryGetValue<T>(Expression<Func<T>> parameterExpression) where T : class;

    /// <summary>The value given for a parameter that a component declares, or null.</summary>
    T? TryGetValue<T>(Expression<Func<object>> parameterExpression);
}
