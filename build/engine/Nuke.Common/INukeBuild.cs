using System.Linq.Expressions;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>What a component, an interface with targets, sees of the build that implements it.</summary>
public interface INukeBuild
{
    AbsolutePath RootDirectory { get; }
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }
    bool IsSucceeding { get; }
    bool Plan { get; }
    bool Help { get; }
    bool IsLocalBuild { get; }

    /// <summary>The exit code of the run; unset, 0 for success and 255 for failure.</summary>
    int? ExitCode { get; set; }

    /// <summary>Notes for the running target's line in the summary.</summary>
    void ReportSummary(Configure<Dictionary<string, string>> configurator);

    /// <summary>The value given for a parameter that a component declares, or null.</summary>
    T? TryGetValue<T>(Expression<Func<T>> parameterExpression) where T : class;

    /// <summary>The value given for a parameter that a component declares, or null.</summary>
    T? TryGetValue<T>(Expression<Func<object>> parameterExpression);
}

/// <summary>How much the engine says, from everything to errors only.</summary>
public enum Verbosity { Verbose, Normal, Minimal, Quiet }

/// <summary>Marks a field or property that is filled from the command line, the environment or parameters.json.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ParameterAttribute(string? description = null) : Attribute
{
    public virtual string? Description { get; } = description;

    /// <summary>The name when it is not the member's.</summary>
    public string? Name { get; set; }

    /// <summary>One character that separates the values of a list.</summary>
    public string? Separator { get; set; }

    /// <summary>Whether the help text shows it.</summary>
    public virtual bool List { get; set; } = true;
}

/// <summary>A member without which nothing runs.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
