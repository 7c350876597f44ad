using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Finds the targets of a build and puts those that are called into an order.</summary>
internal static class TargetGraph
{
    /// <summary>The targets of the class, its base classes and its interfaces, in the order of declaration.</summary>
    /// <exception cref="UsageException">Targets depend on each other in a circle.</exception>
    public static IReadOnlyList<ExecutableTarget> Discover(NukeBuild build)
    {
        var targets = Properties(build.GetType()).Select(property => Create(build, property)).ToList();
        foreach (var target in targets)
            Connect(target, targets);
        var done = new HashSet<ExecutableTarget>();
        foreach (var target in targets)
            Visit(target, targets, done, [], []);
        return targets;
    }

    /// <summary>
    /// The called targets with all that they need and trigger, each after what must come before it, else in the
    /// order in which they were called.
    /// </summary>
    public static IReadOnlyList<ExecutableTarget> Plan(
        IReadOnlyList<ExecutableTarget> targets, IReadOnlyList<ExecutableTarget> called)
    {
        var members = new HashSet<ExecutableTarget>();
        var pending = new Queue<ExecutableTarget>(called);
        while (pending.TryDequeue(out var target))
        {
            if (!members.Add(target))
                continue;
            foreach (var other in target.ExecutionDependencies.Concat(target.Triggers))
                pending.Enqueue(other);
        }

        var plan = new List<ExecutableTarget>();
        var done = new HashSet<ExecutableTarget>();
        foreach (var target in called.Concat(targets).Where(members.Contains))
            Visit(target, members, done, [], plan);
        foreach (var target in plan)
            target.Status = ExecutionStatus.Scheduled;
        return plan;
    }

    /// <exception cref="UsageException">There is no such target.</exception>
    public static ExecutableTarget Find(IReadOnlyList<ExecutableTarget> targets, string name)
    {
        var plain = name.Replace("-", "", StringComparison.Ordinal);
        return targets.FirstOrDefault(target => target.Name.Equals(plain, StringComparison.OrdinalIgnoreCase))
               ?? throw new UsageException(
                   $"There is no target '{name}'; the targets are {string.Join(", ", targets.Select(target => target.Name))}.");
    }

    private static void Visit(
        ExecutableTarget target,
        IReadOnlyCollection<ExecutableTarget> members,
        HashSet<ExecutableTarget> done,
        List<ExecutableTarget> path,
        List<ExecutableTarget> plan)
    {
        if (path.IndexOf(target) is var start and >= 0)
        {
            var circle = path.Skip(start).Append(target).Select(member => member.Name);
            throw new UsageException($"Targets have a dependency cycle: {string.Join(" → ", circle)}.");
        }

        if (done.Contains(target))
            return;
        path.Add(target);
        foreach (var other in target.AllDependencies.Where(members.Contains))
            Visit(other, members, done, path, plan);
        path.RemoveAt(path.Count - 1);
        done.Add(target);
        plan.Add(target);
    }

    private static IEnumerable<PropertyInfo> Properties(Type buildType)
    {
        const BindingFlags flags =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var classes = new List<Type>();
        for (var type = buildType; type is not null && type != typeof(NukeBuild); type = type.BaseType)
            classes.Insert(0, type);
        return classes.Concat(buildType.GetInterfaces())
            .SelectMany(type => type.GetProperties(flags))
            .Where(property => property.PropertyType == typeof(Target))
            .DistinctBy(property => property.Name[(property.Name.LastIndexOf('.') + 1)..]);
    }

    private static ExecutableTarget Create(NukeBuild build, PropertyInfo property)
    {
        var factory = (Target)property.GetValue(build)!;
        var definition = new TargetDefinition(build);
        factory(definition);
        return new ExecutableTarget
        {
            Name = property.Name[(property.Name.LastIndexOf('.') + 1)..],
            Definition = definition,
            Factory = factory,
        };
    }

    private static void Connect(ExecutableTarget target, List<ExecutableTarget> targets)
    {
        List<ExecutableTarget> Both(Func<TargetDefinition, List<Target>> own, Func<TargetDefinition, List<Target>> others) =>
        [
            .. own(target.Definition).Select(factory => targets.First(other => other.Factory.Equals(factory))),
            .. targets.Where(other => others(other.Definition).Contains(target.Factory)),
        ];

        target.ExecutionDependencies.AddRange(Both(d => d.DependsOnTargets, d => d.DependentForTargets));
        target.OrderDependencies.AddRange(Both(d => d.AfterTargets, d => d.BeforeTargets));
        target.TriggerDependencies.AddRange(Both(d => d.TriggeredByTargets, d => d.TriggersTargets));
        target.Triggers.AddRange(Both(d => d.TriggersTargets, d => d.TriggeredByTargets));
    }
}
