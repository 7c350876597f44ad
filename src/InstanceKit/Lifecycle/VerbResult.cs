using InstanceKit.Planning;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>What a verb did to an instance when it did not fail.</summary>
internal sealed record VerbResult(Outcome Outcome, OperationPlan Plan, InstanceStatus? Status = null);
