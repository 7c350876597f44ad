using Build.Tests.Rendering;
using Cli;
using InstanceKit.Platform;
using Xunit;

namespace Build.Tests.Commands;

public sealed class StatusChangeTests
{
    [Fact]
    public void What_passes_is_no_change()
    {
        var status = Specimens.Ready(1);
        var later = status with { Components = [.. status.Components.Select(c => c with { CpuPercent = 99, Use = new ResourceUse { Memory = 1 } })] };

        Assert.Equal(StatusChange.Of([status]), StatusChange.Of([later]));
    }

    [Fact]
    public void A_state_a_restart_and_another_branch_are() => Assert.Equal(4, new[]
    {
        StatusChange.Of([Specimens.Ready(1)]),
        StatusChange.Of([Specimens.Troubled(1)]),
        StatusChange.Of([Specimens.Ready(1) with { Branch = "other" }]),
        StatusChange.Of([Specimens.Ready(1) with { Components = [.. Specimens.Ready(1).Components.Select(c => c with { Restarts = 9 })] }]),
    }.Distinct().Count());
}
