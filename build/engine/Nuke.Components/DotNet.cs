using Nuke.Common;
using Nuke.Common.Tooling;

namespace Nuke.Components;

/// <summary>The <c>dotnet</c> command line, as far as the components need it.</summary>
internal static class DotNet
{
    /// <summary>Runs <c>dotnet</c> in the root folder.</summary>
    /// <exception cref="ArgumentException">It ended with an exit code other than 0.</exception>
    public static void Run(INukeBuild build, params string[] arguments)
    {
        var exitCode = ProcessTasks.Run("dotnet", arguments, build.RootDirectory.ToString());
        Assert.True(exitCode == 0, $"'dotnet {arguments[0]}' has ended with exit code {exitCode}; its output is above.");
    }

    /// <summary>The option when it is wanted, else nothing.</summary>
    public static string[] Option(string option, bool isWanted) => isWanted ? [option] : [];
}
