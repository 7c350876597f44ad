using InstanceKit.Platform;

namespace InstanceKit.Doctor;

/// <summary>Judges the programs that are run.</summary>
internal static class ProgramRules
{
    /// <summary>The SDK, Node.js and npm are required; PM2 is fetched, and git only helps.</summary>
    public static IEnumerable<Finding> Of(DiagnosisFacts facts)
    {
        yield return Judge(Check.DotNetSdk, ".NET SDK", facts.Sdk, FindingState.Missing, Installable.DotNetSdk, facts.System);
        yield return Judge(Check.Node, "Node.js", facts.Node, FindingState.Missing, Installable.Node, facts.System);
        yield return Judge(Check.Npm, "npm", facts.Npm, FindingState.Missing, Installable.Npm, facts.System);
        yield return OfPm2(facts);
        yield return Judge(Check.Git, "git", facts.Git, FindingState.Warning, Installable.Git, facts.System);
    }

    /// <summary>Judges a program.</summary>
    /// <param name="check">What is checked.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="program">What was found.</param>
    /// <param name="worst">What it is when it is missing or too old.</param>
    /// <param name="installable">What would have to be installed.</param>
    /// <param name="system">Where.</param>
    public static Finding Judge(
        Check check, string name, ProgramFact program, FindingState worst, Installable installable, HostSystem system) => new(
            check, name, program.IsGood ? FindingState.Ok : program.IsUnanswered ? FindingState.Warning : worst,
            program.Version is { } version ? program.IsOld ? $"{version}, too old" : version : program.Problem ?? "not found",
            program.Needed ?? (program.Oldest is { } oldest ? $"{oldest} or newer" : "any version"),
            program.IsGood ? null
            : program.IsUnanswered ? "It is installed, but the machine is busy or the program hangs. Retry."
            : InstallHints.For(installable, system));

    private static Finding OfPm2(DiagnosisFacts facts) => new(
        Check.Pm2, "PM2",
        facts.Pm2 is null && !facts.Npm.IsGood ? FindingState.Warning : FindingState.Ok,
        facts.Pm2 ?? "not found; the first Up installs it", "any version",
        facts.Pm2 is null && !facts.Npm.IsGood ? "It is installed with npm; see npm." : null);
}
