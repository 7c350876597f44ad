using InstanceKit.Status;

namespace Commands;

/// <summary>Tells whether two looks differ in more than what passes: time, processor time, memory.</summary>
internal static class StatusChange
{
    /// <summary>What is equal for two looks between which nothing changed.</summary>
    public static string Of(IReadOnlyList<InstanceStatus> statuses) => string.Join('\n', statuses.Select(s =>
        $"{s.Instance} {s.Branch} {s.IsInitialized} {s.Readiness}\n" + string.Join('\n', s.Components.Select(c =>
            $"{c.Kind} {c.Name} {c.RuntimeName} {c.State} {c.Health} {c.Pid} {c.Readiness} {c.StartedAt:O} {c.Restarts}"))));
}
