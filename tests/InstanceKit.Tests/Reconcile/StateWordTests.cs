using InstanceKit.Engine;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class StateWordTests
{
    [Fact]
    public void States_are_written_as_people_read_them()
    {
        Assert.Equal(
            "created running restarting paused exited dead",
            string.Join(' ', Enum.GetValues<ContainerState>().Select(StateWord.Of)));
        Assert.Equal(
            "unknown, online, launching, stopping, stopped, errored, waiting restart",
            string.Join(", ", Enum.GetValues<ProcessState>().Select(StateWord.Of)));
    }
}
