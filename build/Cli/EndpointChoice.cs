using InstanceKit;
using InstanceKit.Ports;
using InstanceKit.Verbs;

namespace Cli;

/// <summary>Which endpoints of an instance are shown, and which of them are for a browser to open.</summary>
/// <param name="Shown">The requested ones, apps first; without names, those for a browser.</param>
/// <param name="Opened">The first web address of each named service or app; without names, only that of the front end.</param>
internal sealed record EndpointChoice(IReadOnlyList<PortAssignment> Shown, IReadOnlyList<PortAssignment> Opened)
{
    /// <summary>Chooses among the ports of an instance; without containers, only those that are served.</summary>
    /// <param name="only">The services and apps; none for those with a web address.</param>
    /// <exception cref="InstanceKitException">A service that was named is skipped.</exception>
    public static EndpointChoice Of(InstanceInfo info, IReadOnlyList<string> only)
    {
        if (only.FirstOrDefault(n => info.FindSkipReason(n) is not null) is { } name)
        {
            throw new InstanceKitException(
                ExitCode.NotReady,
                $"Service {name} of instance {info.Spec.Number} ({info.Spec.Project}) has no endpoint: it is skipped because it {info.FindSkipReason(name)}.");
        }

        var sorted = info.Ports.Assignments.Where(info.IsServed).OrderByDescending(p => p.Owner.Kind).ThenByDescending(p => IsFrontEnd(p.Owner.Name)).ToList();
        var shown = sorted.Where(p => only.Count == 0 ? IsWeb(p) : only.Contains(p.Owner.Name)).ToList();
        var web = shown.Where(IsWeb).DistinctBy(p => p.Owner);
        return new EndpointChoice(shown, [.. only.Count == 0 ? web.Take(1) : web]);
    }

    /// <summary>By the usual names; if no app has one, the first app of the stack.</summary>
    private static bool IsFrontEnd(string app) => app is "frontend" or "web" or "ui";

    private static bool IsWeb(PortAssignment port) => port.Scheme is "http" or "https";
}
