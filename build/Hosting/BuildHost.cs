using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.Execution;

namespace Hosting;

/// <summary>
/// The host of this build outside CI. As an <see cref="IBuildServer"/> it keeps NUKE from opening its log file
/// exclusively, so that several runs go side by side, and from prompting for missing values. It also keeps the engine
/// quiet about what the targets say themselves.
/// </summary>
public class BuildHost : Host, IBuildServer
{
    private static readonly string[] s_servers =
    [
        "APPVEYOR", "TF_BUILD", "bamboo_planKey", "BITBUCKET_PIPELINE_UUID", "BITRISE_BUILD_URL", "GITHUB_ACTIONS",
        "GITLAB_CI", "JENKINS_HOME", "JENKINS_URL", "JB_SPACE_PROJECT_KEY", "TEAMCITY_VERSION", "TRAVIS",
    ];

    /// <summary>Whether no build server is there, for which the engine has hosts of its own.</summary>
    public static bool IsRunningBuildHost =>
        !s_servers.Any(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 });

    /// <summary>Whether targets are announced and summed up; a single verb speaks for itself.</summary>
    internal static bool IsTalkative { get; set; }

    /// <summary>Whether the failure that ends the run has been written already.</summary>
    internal static bool IsFailureReported { get; set; }

    string? IBuildServer.Branch => null;

    string? IBuildServer.Commit => null;

    /// <inheritdoc />
    protected override IDisposable WriteBlock(string text)
    {
        if (IsTalkative)
            Console.Error.WriteLine($"── {text}");
        return new Block();
    }

    /// <inheritdoc />
    protected override bool FilterMessage(string message) =>
        IsFailureReported && message.StartsWith("Target {TargetName} has thrown", StringComparison.Ordinal);

    /// <inheritdoc />
    protected override void WriteErrorsAndWarnings()
    {
        // They stand where they occurred.
    }

    /// <inheritdoc />
    protected override void WriteTargetOutcome(INukeBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (!IsTalkative || build.Help || build.Plan)
            return;
        var width = build.ExecutionPlan.Max(target => target.Name.Length) + 2;
        Console.Error.WriteLine();
        foreach (var target in build.ExecutionPlan.Where(target => target.Status != ExecutionStatus.Collective))
        {
            var duration = target.Duration == TimeSpan.Zero ? "" : $"{target.Duration.TotalSeconds:0.0} s";
            var notes = string.Join(", ", target.SummaryInformation.Select(note => $"{note.Key}: {note.Value}"));
            Console.Error.WriteLine($"{target.Name.PadRight(width)}{target.Status,-10}{duration,9}   {notes}".TrimEnd());
        }
    }

    /// <inheritdoc />
    protected override void WriteBuildOutcome(INukeBuild build)
    {
        // The exit code and the lines above say it.
    }

    private sealed class Block : IDisposable
    {
        public void Dispose()
        {
            if (IsTalkative)
                Console.Error.Flush();
        }
    }
}
