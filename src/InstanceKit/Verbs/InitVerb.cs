using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Reconcile;
using InstanceKit.Setup;

namespace InstanceKit.Verbs;

/// <summary>Writes the files of one instance.</summary>
internal sealed class InitVerb(ManagerOptions options, Infrastructure infra, LeaseKeeper leases, InstanceSetup setup)
{
    /// <summary>Writes what is missing or out of date; does not need the engine.</summary>
    public async Task<VerbResult> RunAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = options.DryRun
            ? null
            : InstanceLock.Acquire(spec, "InitInstance");
        progress.Step("check", "reading the compose files");
        await infra.RequireModelsAsync(spec, progress, cancellation);
        var plan = await setup.PlanAsync(spec, cancellation);
        await leases.ClaimAsync(plan, () => infra.WouldBeEmbeddedAsync(spec, cancellation), progress, cancellation);
        var decisions = setup.Decide(plan);
        var operations = InstanceSetup.Describe(plan, decisions);
        if (options.DryRun)
        {
            InstanceSetup.ReportKeptFiles(plan, decisions, progress);
            return new VerbResult(operations.IsEmpty ? Outcome.Unchanged : Outcome.Planned, operations);
        }

        await setup.ApplyAsync(plan, decisions, progress, cancellation);
        return new VerbResult(operations.IsEmpty ? Outcome.Unchanged : Outcome.Done, operations);
    }
}
