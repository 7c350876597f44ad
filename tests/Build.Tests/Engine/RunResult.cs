using InstanceKit;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>What a run has left: its exit code, and what it wrote.</summary>
public sealed record RunResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Fails with everything that was written unless the run succeeded with just these lines.</summary>
    public void ShouldSay(params string[] lines)
    {
        Assert.True(ExitCode == 0, ToString());
        Assert.Equal(lines, Lines);
    }

    /// <summary>Fails unless the run was refused with exit code 2 and one line, which holds all of these parts.</summary>
    public void ShouldRefuse(params string[] parts)
    {
        Assert.True(ExitCode == 2, ToString());
        Assert.Empty(Lines);
        var line = Assert.Single(ErrorLines);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
