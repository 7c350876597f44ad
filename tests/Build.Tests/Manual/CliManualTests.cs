using BlackBox;
using InstanceKit.Tests;
using Xunit;

namespace Build.Tests.Manual;

/// <summary>docs/cli.md: made by the program itself, which refuses while a target or a parameter has no page.</summary>
public sealed class CliManualTests
{
    [Fact]
    public async Task The_committed_manual_is_what_the_program_says_of_itself()
    {
        var result = (await new BuildProgram(Repository.Root).RunAsync(["_manual"])).Expect(0);
        Snapshot.VerifyFile(Repository.PathOf("docs", "cli.md"), result.Output);
    }
}
