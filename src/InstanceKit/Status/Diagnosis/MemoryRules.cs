namespace InstanceKit.Status;

/// <summary>Judges memory and file watches against the number of instances.</summary>
internal static class MemoryRules
{
    /// <summary>Watches that the dev servers of an instance may take, and the least that a machine should allow.</summary>
    private const long WatchesPerInstance = 16_384, LeastWatches = 65_536, AdvisedWatches = 524_288;

    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return OfMemory(facts.Memory, facts.Next);
        if (facts.FileWatches is { } watches)
            yield return OfWatches(watches, facts.Memory.Instances, facts.System);
    }

    private static Finding OfMemory(MemoryFact memory, NextCommand next)
    {
        var each = memory.Measured ?? MemoryFact.DefaultPerInstance;

        // What runs has its memory already; where nobody says what is left, all is weighed against all.
        var count = memory.Available is null ? memory.Instances : Math.Max(0, memory.Instances - memory.Running);
        var isLow = (memory.Available ?? memory.Total) < count * each;
        return new Finding(
            Check.Memory, "memory", isLow ? FindingState.Warning : FindingState.Ok,
            memory.Available is { } available ? $"{ByteText.Of(available)} of {ByteText.Of(memory.Total)} available" : $"{ByteText.Of(memory.Total)} in all",
            $"{ByteText.Of(count * each)} for {count} {(memory.Available is null ? "" : "more ")}instance{(count == 1 ? "" : "s")}, "
            + (memory.Measured is null ? "estimated" : "as measured"),
            isLow ? $"Take instances down that are not needed ({next.OfMachine("List")} shows all), or end other programs." : null);
    }

    private static Finding OfWatches(long watches, int instances, HostSystem system)
    {
        var needed = Math.Max(LeastWatches, WatchesPerInstance * instances);
        var isLow = watches < needed;
        var sudo = InstallHints.Sudo(system);
        return new Finding(
            Check.FileWatches, "file watches", isLow ? FindingState.Warning : FindingState.Ok, $"{watches}", $"{needed}",
            isLow
                ? $"Raise the limit: echo fs.inotify.max_user_watches={Math.Max(AdvisedWatches, needed)} | {sudo}tee /etc/sysctl.d/60-watches.conf "
                    + $"&& {sudo}sysctl -p /etc/sysctl.d/60-watches.conf"
                : null);
    }
}
