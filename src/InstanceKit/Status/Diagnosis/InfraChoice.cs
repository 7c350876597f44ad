using InstanceKit.Stacks;

namespace InstanceKit.Status;

/// <summary>What would run the services of an instance, and why.</summary>
/// <param name="Mode">Compose or embedded.</param>
/// <param name="Reason">The reason, as a phrase.</param>
public sealed record InfraChoice(InfraMode Mode, string Reason)
{
    /// <summary>The choices for the chosen instances, in their order; without any, that for a new one.</summary>
    public static IReadOnlyList<InfraChoice> AllOf(DiagnosisFacts facts) =>
        facts.Instances.Count == 0 ? [Of(facts, null)] : [.. facts.Instances.Select(i => Of(facts, i.RecordedInfra))];

    /// <summary>The choice: what was asked for, else what the instance was first brought up with, else what there is.</summary>
    /// <param name="facts">What was found.</param>
    /// <param name="recorded">What the instance was first brought up with; <see langword="null"/> when it never was.</param>
    public static InfraChoice Of(DiagnosisFacts facts, InfraMode? recorded) => (facts.Infra, recorded) switch
    {
        (InfraMode.Compose or InfraMode.Embedded, _) => new(facts.Infra, "asked for"),
        (_, InfraMode.Compose or InfraMode.Embedded) => new(recorded.Value, "the instance was first brought up so"),
        _ when facts.Engine.Version is null => new(InfraMode.Embedded, "no engine answers"),
        _ when facts.Compose is { IsGood: false, IsUnanswered: false } => new(InfraMode.Embedded, $"Docker Compose is {(facts.Compose.IsOld ? "too old" : "missing")}"),
        _ => new(InfraMode.Compose, $"engine {facts.Engine.Version} answers"),
    };
}
