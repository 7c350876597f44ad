using System.Diagnostics;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Platform;

public sealed class OwnedProcessesTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private readonly string marker = $"test-{Guid.NewGuid():N}";

    [Fact]
    public async Task Only_exact_markers_are_found_and_their_children_with_them()
    {
        SkipOnWindows();
        using var owned = Shell("sleep 60 & wait", marker);
        using var other = Shell("sleep 60", marker + "0");
        await Eventually.HoldsAsync(() => OwnedProcesses.Find(marker).Count == 2, "shell and its child are found");

        var found = OwnedProcesses.Find(marker);
        Assert.Contains(owned.Id, found.Select(p => p.Pid));
        Assert.Equal([found.Single(p => p.Pid != owned.Id)], ProcessTree.Snapshot().Descendants(owned.Id));
        Assert.Empty(await OwnedProcesses.EndAsync(found, Grace, TestContext.Current.CancellationToken));
        Assert.Empty(OwnedProcesses.Find(marker));
        Assert.False(other.HasExited);
        other.Kill(true);
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_is_forced_after_the_grace()
    {
        SkipOnWindows();
        using var owned = Shell("trap '' TERM; echo ready; while :; do sleep 0.05; done", marker);
        Assert.Equal("ready", await owned.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var found = OwnedProcesses.Find(marker).Where(p => p.Pid == owned.Id).ToList();

        var watch = Stopwatch.StartNew();
        Assert.Empty(await OwnedProcesses.EndAsync(found, Grace, TestContext.Current.CancellationToken));

        Assert.True(watch.Elapsed >= Grace);
        await owned.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(128 + 9, owned.ExitCode);
    }

    [Fact]
    public async Task A_process_that_ends_when_asked_costs_no_grace()
    {
        SkipOnWindows();
        using var owned = Shell("exec sleep 60", marker);
        await Eventually.HoldsAsync(() => OwnedProcesses.Find(marker).Any(p => p.Command == "sleep"), "sleep runs");

        var watch = Stopwatch.StartNew();
        Assert.Empty(await OwnedProcesses.EndAsync(
            OwnedProcesses.Find(marker), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_recycled_process_id_is_never_signalled()
    {
        SkipOnWindows();
        using var innocent = Shell("exec sleep 60", marker);
        var now = ProcessTree.ReadOne(innocent.Id)!;
        var stale = now with { StartMark = now.StartMark - 1 };

        Assert.Empty(await OwnedProcesses.EndAsync([stale], TimeSpan.Zero, TestContext.Current.CancellationToken));

        Assert.False(innocent.HasExited);
        innocent.Kill();
    }

    [Fact]
    public void This_process_and_those_above_it_are_spared()
    {
        SkipOnWindows();
        var tree = ProcessTree.Snapshot();

        Assert.NotEmpty(tree.Ancestors(Environment.ProcessId));
        Assert.True(tree.IsWithin(Environment.ProcessId, tree.Find(Environment.ProcessId)!.ParentPid));
        Assert.DoesNotContain(OwnedProcesses.Find(marker), p => p.Pid == Environment.ProcessId);
    }

    private static Process Shell(string script, string owner)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment[OwnedProcesses.Variable] = owner;
        return Process.Start(start)!;
    }

    private static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows shows no environment of another process.");
}
