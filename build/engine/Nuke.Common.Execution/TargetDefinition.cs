using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Nuke.Common.Execution;

/// <summary>Writes down what a target says about itself.</summary>
internal sealed class TargetDefinition(NukeBuild build) : ITargetDefinition
{
    public string? Summary { get; private set; }
    public bool IsListed { get; private set; } = true;
    public bool IsAssuredAfterFailure { get; private set; }
    public bool IsProceedAfterFailure { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; }
    public List<Action> Actions { get; } = [];
    public List<LambdaExpression> Requirements { get; } = [];
    public List<(string Text, Func<bool> Holds)> StaticConditions { get; } = [];
    public List<(string Text, Func<bool> Holds)> DynamicConditions { get; } = [];
    public List<Target> DependsOnTargets { get; } = [];
    public List<Target> DependentForTargets { get; } = [];
    public List<Target> BeforeTargets { get; } = [];
    public List<Target> AfterTargets { get; } = [];
    public List<Target> TriggersTargets { get; } = [];
    public List<Target> TriggeredByTargets { get; } = [];

    public ITargetDefinition Description(string description) => Set(() => Summary = description);
    public ITargetDefinition Executes(params Action[] actions) => Add(Actions, actions);
    public ITargetDefinition Executes<T>(Func<T> action) => Executes(() => { action(); });
    public ITargetDefinition Executes(Func<Task> action) => Executes(() => action().GetAwaiter().GetResult());
    public ITargetDefinition DependsOn(params Target[] targets) => Add(DependsOnTargets, targets);
    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => DependsOn(Of(targets));
    public ITargetDefinition DependentFor(params Target[] targets) => Add(DependentForTargets, targets);
    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => DependentFor(Of(targets));
    public ITargetDefinition Before(params Target[] targets) => Add(BeforeTargets, targets);
    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Before(Of(targets));
    public ITargetDefinition After(params Target[] targets) => Add(AfterTargets, targets);
    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => After(Of(targets));
    public ITargetDefinition Triggers(params Target[] targets) => Add(TriggersTargets, targets);
    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Triggers(Of(targets));
    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(TriggeredByTargets, targets);
    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => TriggeredBy(Of(targets));

    public ITargetDefinition OnlyWhenStatic(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null) =>
        Add(StaticConditions, [(ConditionText(conditionExpression), condition)]);

    public ITargetDefinition OnlyWhenDynamic(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null) =>
        Add(DynamicConditions, [(ConditionText(conditionExpression), condition)]);

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) =>
        Set(() => DependencyBehavior = dependencyBehavior);

    public ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : class =>
        Add(Requirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct =>
        Add(Requirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements) =>
        Add(Requirements, [requirement, .. requirements]);

    public ITargetDefinition AssuredAfterFailure() => Set(() => IsAssuredAfterFailure = true);
    public ITargetDefinition ProceedAfterFailure() => Set(() => IsProceedAfterFailure = true);
    public ITargetDefinition Unlisted() => Set(() => IsListed = false);

    private TargetDefinition Set(Action change)
    {
        change();
        return this;
    }

    private TargetDefinition Add<T>(List<T> list, T[] items)
    {
        list.AddRange(items);
        return this;
    }

    /// <summary>The chosen targets of a component, or its only one when none is chosen.</summary>
    private Target[] Of<T>(Func<T, Target>[] targets)
    {
        if (build is not T component)
            throw new UsageException($"{build.GetType().Name} does not implement {typeof(T).Name}, which one of its targets refers to.");
        if (targets.Length > 0)
            return [.. targets.Select(target => target(component))];

        var only = typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Single(property => property.PropertyType == typeof(Target));
        return [(Target)only.GetValue(component)!];
    }

    private static string ConditionText(string? expression) =>
        (expression ?? "").Replace("() =>", "", StringComparison.Ordinal).Trim();
}
