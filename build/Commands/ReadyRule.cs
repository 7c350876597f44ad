using InstanceKit;
using InstanceKit.Status;

namespace Commands;

/// <summary>Whether what was asked for can be used.</summary>
internal static class ReadyRule
{
    /// <summary>The exit code of <c>--require-ready</c>; no instance at all is none that is ready.</summary>
    public static ExitCode ExitCodeOf(IReadOnlyList<InstanceStatus> statuses) =>
        statuses.Count > 0 && statuses.All(s => s.Readiness.IsReady) ? ExitCode.Ok : ExitCode.NotReady;
}
