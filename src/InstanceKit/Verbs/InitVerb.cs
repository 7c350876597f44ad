using InstanceKit.Instances;
using InstanceKit.Reconcile;
using InstanceKit.Setup;

namespace InstanceKit.Verbs;

/// <summary>Writes the files of one instance.</summary>
internal sealed class InitVerb(ManagerContext context)
{
    private readonly InstanceSetup _setup = new(context);

    /// <summary>Writes what is missing or out of date; does not need the engine.</summary>
    public async Task<VerbResult> RunAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = context.Options.DryRun
            ? null
            : InstanceLock.Acquire(spec.Paths, "InitInstance");
        progress.Step("check", "reading the compose files");
        await context.Models.RequireAsync(spec, progress, cancellation);
        var plan = await _setup.PlanAsync(spec, cancellation);
        await context.Leases.ClaimAsync(plan, progress, cancellation);
        var decisions = _setup.Decide(plan);
        var operations = InstanceSetup.Describe(plan, decisions);
        if (context.Options.DryRun)
        {
            InstanceSetup.ReportKeptFiles(plan, decisions, progress);
            return new VerbResult(operations.IsEmpty ? Outcome.Unchanged : Outcome.Planned, operations);
        }

        await _setup.ApplyAsync(plan, decisions, progress, cancellation);
        return new VerbResult(operations.IsEmpty ? Outcome.Unchanged : Outcome.Done, operations);
    }
}
