using InstanceKit.Observing;
using InstanceKit.Reconcile;

namespace InstanceKit.Verbs;

/// <summary>What a verb did to an instance when it did not fail.</summary>
internal sealed record VerbResult(Outcome Outcome, OperationPlan Plan, InstanceStatus? Status = null);
