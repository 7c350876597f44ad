namespace InstanceKit.Instances;

/// <summary>What stands in the way of a lease.</summary>
/// <param name="Holder">The lease that was there first.</param>
/// <param name="Port">The port that both want, as <c>tcp/5533</c>; <see langword="null"/> when it is the project.</param>
public sealed record LeaseConflict(Lease Holder, string? Port);
