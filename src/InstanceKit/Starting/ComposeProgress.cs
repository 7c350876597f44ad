using System.Text.RegularExpressions;
using InstanceKit.Compose;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Turns a line of Compose's plain progress into an event about a service, network or volume.</summary>
internal static partial class ComposeProgress
{
    /// <summary>Reports one line; an empty one is passed over.</summary>
    public static void Report(InstanceProgress progress, string project, string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
        {
            if (ComposeMessage.FindWarning(line) is { } warning)
                progress.NoteOnce("compose", warning);
            else if (!string.IsNullOrWhiteSpace(line))
                progress.Step("compose", line.Trim());
            return;
        }

        var state = match.Groups["state"].Value.ToLowerInvariant();
        var isContainer = match.Groups["kind"].Value == "Container";
        var name = Shorten(match.Groups["name"].Value.Trim('"'), project);
        var subject = isContainer ? Replica().Replace(name, "") : $"{match.Groups["kind"].Value.ToLowerInvariant()} {name}";

        // A started container is not ready yet; all other steps end with these words.
        if (state == "removed" || (!isContainer && state == "created"))
            progress.Done(subject, state);
        else
            progress.Step(subject, state);
    }

    private static string Shorten(string name, string project) =>
        name.StartsWith(project, StringComparison.Ordinal) ? name[project.Length..].TrimStart('-', '_') : name;

    [GeneratedRegex(@"^\s*(?<kind>Container|Network|Volume)\s+(?<name>\S+)\s+(?<state>\S.*?)\s*$")]
    private static partial Regex Line();

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex Replica();
}
