using InstanceKit.Addresses;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Setup;

namespace InstanceKit.Verbs;

/// <summary>Lists every place that names a part of the stack, and what becomes of it in an instance. Nothing is written or started.</summary>
internal sealed class AuditVerb(Infrastructure infra, InstanceSetup setup, EcosystemBuilder ecosystems)
{
    /// <summary>Audits one instance, whether or not it exists.</summary>
    /// <exception cref="InstanceKitException">The compose files or the PM2 config can't be read.</exception>
    public async Task<InstanceAudit> RunAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        await infra.RequireModelsAsync(spec, progress: null, cancellation);
        var evaluating = ecosystems.EvaluateAsync(spec, cancellation);
        var plan = await setup.PlanAsync(spec, cancellation);
        var ecosystem = ecosystems.Build(plan, await evaluating, embedded: null);
        var mentions = plan.Mentions.Concat(InstancePlanner.Answered(ecosystem.Mentions, spec.Stack.Literals))
            .DistinctBy(m => (m.Where, m.What, m.Decision, m.To, m.Reason));
        return new InstanceAudit(spec, [.. mentions]);
    }
}

/// <summary>What <c>Audit</c> prints about an instance.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="Mentions">Every place that names a part of the stack.</param>
public sealed record InstanceAudit(InstanceSpec Spec, IReadOnlyList<Mention> Mentions)
{
    /// <summary>How many places no rule covers.</summary>
    public int Unknown => Mentions.Count(m => m.Decision == MentionDecision.Unknown);
}
