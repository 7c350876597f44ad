using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class HostSystemTests
{
    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 13\"\nID=debian\n", SystemFamily.Debian)]
    [InlineData("ID=ubuntu\nID_LIKE=debian\n", SystemFamily.Ubuntu)]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", SystemFamily.Ubuntu)]
    [InlineData("ID=raspbian\nID_LIKE=debian\n", SystemFamily.Debian)]
    [InlineData("ID='fedora'\r\n", SystemFamily.Fedora)]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", SystemFamily.Fedora)]
    [InlineData("ID=alpine\n", SystemFamily.Alpine)]
    [InlineData("ID=arch\n", SystemFamily.Other)]
    [InlineData("ID\n=x\n", SystemFamily.Other)]
    [InlineData(null, SystemFamily.Other)]
    public void Is_told_by_the_file_of_the_release(string? text, SystemFamily family) => Assert.Equal(family, HostSystem.FamilyOf(text));

    [Fact]
    public void Has_a_remedy_for_each_thing_that_may_be_missing()
    {
        var lines = from family in Enum.GetValues<SystemFamily>()
            let system = new HostSystem(family, IsAdministrator: false)
            from line in Enum.GetValues<Installable>().Select(p => $"  {p}: {InstallHints.For(p, system)}")
                .Prepend($"{family}").Append($"  start: {InstallHints.StartEngine(system)}").Append($"  join: {InstallHints.JoinEngine(system)}")
            select line;
        Snapshot.Verify(string.Join('\n', lines) + "\n", "txt");
    }

    [Fact]
    public void Says_sudo_only_to_those_who_need_it() => Assert.All(Enum.GetValues<SystemFamily>(), family =>
        Assert.All(Enum.GetValues<Installable>(), program => Assert.DoesNotContain(
            "sudo", InstallHints.For(program, new HostSystem(family, IsAdministrator: true)), StringComparison.Ordinal)));
}
