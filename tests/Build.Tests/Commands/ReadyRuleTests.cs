using Build.Tests.Rendering;
using Cli;
using InstanceKit;
using Xunit;

namespace Build.Tests.Commands;

public sealed class ReadyRuleTests
{
    [Fact]
    public void Everything_must_be_ready_and_nothing_is_not_ready()
    {
        Assert.Equal(ExitCode.Ok, ReadyRule.ExitCodeOf([Specimens.Ready(1), Specimens.Ready(2)]));
        Assert.Equal(ExitCode.NotReady, ReadyRule.ExitCodeOf([Specimens.Ready(1), Specimens.Troubled(2)]));
        Assert.Equal(ExitCode.NotReady, ReadyRule.ExitCodeOf([Specimens.Down(1)]));
        Assert.Equal(ExitCode.NotReady, ReadyRule.ExitCodeOf([]));
    }
}
