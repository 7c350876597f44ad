using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Says what a fresh plan moved.</summary>
internal static class RepairNote
{
    /// <summary>The note: every port and address range that is another one now.</summary>
    /// <param name="record">The instance as it was.</param>
    /// <param name="plan">The instance as it is planned afresh.</param>
    public static string Of(InstanceRecord record, InstancePlan plan)
    {
        var ports = plan.Ports.Assignments
            .Select(a => (New: a, Old: record.Ports.Find(a.Owner, a.BasePort, a.Protocol)))
            .Where(p => p.Old is not null && p.Old.Port != p.New.Port)
            .Select(p => $"{p.New.Name} {p.Old!.Port} → {p.New.Port} ({p.New.Reason})");
        var ranges = plan.Subnets.Assignments
            .Select(a => (New: a, Old: record.Subnets?.Assignments.FirstOrDefault(o => o.Network == a.Network && o.BaseRange == a.BaseRange)))
            .Where(r => r.Old is not null && r.Old.Range != r.New.Range)
            .Select(r => $"network {r.New.Network} {r.Old!.Range} → {r.New.Range}");
        var moved = ports.Concat(ranges).ToList();
        return moved.Count == 0
            ? "Repair moved nothing: every port and address range is where a fresh plan puts it."
            : $"Repair moved {string.Join(", ", moved)}. What runs is started anew by the next Up.";
    }
}
