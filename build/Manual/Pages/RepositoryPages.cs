using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The targets that build this repository.</summary>
internal static class RepositoryPages
{
    public static TargetGroup Group => new("Work on this repository", [Test, Compile, Restore]);

    private static TargetPage Test => new("Test", Summary.Test)
    {
        Options = [Faults, Configuration, IgnoreFailedSources],
        Examples =
        [
            new("{build} Test", "Builds everything and runs all tests, with the quick ones among the fault scenarios."),
            new("{build} Test --faults", "Injects every fault of the suite and prints a table of the results."),
            new("{build} Test --skip", "Runs the tests of what is compiled already."),
        ],
        ExitCodes = [0, 1, 2],
    };

    private static TargetPage Compile => new("Compile", Summary.Compile)
    {
        Options = [Configuration, IgnoreFailedSources],
        Examples = [new("{build} Compile --configuration Debug", "Compiles for the debugger.")],
    };

    private static TargetPage Restore => new("Restore", Summary.Restore)
    {
        Options = [IgnoreFailedSources],
        Examples = [new("{build} Restore", "Restores the packages and compiles nothing.")],
    };
}
