using InstanceKit;
using InstanceKit.Addresses;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Spectre.Console;

namespace Output;

/// <summary>Shows every place that addresses the stack, unknown ones first.</summary>
internal sealed class AuditText(Surface surface)
{
    private static readonly MentionDecision[] Order =
        [MentionDecision.Unknown, MentionDecision.Set, MentionDecision.Translated, MentionDecision.Kept];

    /// <summary>Writes the audits, one after the other.</summary>
    public void Write(IReadOnlyList<InstanceAudit> audits)
    {
        foreach (var (audit, i) in audits.Select((audit, i) => (audit, i)))
        {
            if (i > 0)
                surface.WriteLine("");
            var counts = Order.Select(d => (Decision: d, Count: audit.Mentions.Count(m => m.Decision == d))).Where(c => c.Count > 0)
                .Select(c => $"{c.Count} {WordOf(c.Decision)}").ToList();
            surface.WriteLine(
                (audit.Spec.Title, Palette.Strong), ($"  {audit.Spec.Project}  ", Palette.Faint),
                (counts.Count == 0 ? "nothing addresses the stack" : string.Join(", ", counts), audit.Unknown > 0 ? Palette.Caution : Palette.Good));
            if (audit.Mentions.Count > 0)
                surface.WriteIndented(List(audit), 2);
        }
    }

    private static Table List(InstanceAudit audit)
    {
        var table = new Table().NoBorder();
        foreach (var (header, i) in new[] { "WHERE", "WHAT", "DECISION", "NOW, OR WHY" }.Select((h, i) => (h, i)))
        {
            table.AddColumn(new TableColumn(new Text(header, Palette.Faint)).PadLeft(0).PadRight(i == 3 ? 0 : 2));
        }

        foreach (var mention in audit.Mentions.OrderBy(m => Array.IndexOf(Order, m.Decision)))
        {
            table.AddRow(
                new Text(mention.Where), new Text(mention.What),
                new Text(WordOf(mention.Decision), mention.Decision == MentionDecision.Unknown ? Palette.Caution : Palette.Faint),
                new Text(mention.To is null ? mention.Reason ?? "" : mention.Reason is null ? mention.To : $"{mention.To}: {mention.Reason}"));
        }

        return table;
    }

    private static string WordOf(MentionDecision decision) => decision.ToString().ToLowerInvariant();
}

/// <summary>What <c>Audit --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="ExitCode">The exit code: 5 if anything is unknown.</param>
/// <param name="Instances">The instances.</param>
internal sealed record AuditDocument(int SchemaVersion, string Workspace, int ExitCode, IReadOnlyList<AuditEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static AuditDocument Of(string workspace, ExitCode exitCode, IEnumerable<InstanceAudit> audits) => new(
        JsonOutput.SchemaVersion, workspace, (int)exitCode,
        [.. audits.Select(a => new AuditEntry(a.Spec.Number, a.Spec.Project, a.Unknown, [.. a.Mentions.Select(MentionEntry.Of)]))]);
}

/// <summary>The places that address one instance's stack.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="UnknownCount">How many places no rule covers.</param>
/// <param name="Mentions">All places.</param>
internal sealed record AuditEntry(int Instance, string Project, int UnknownCount, IReadOnlyList<MentionEntry> Mentions)
{
    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared { get; } = StackDefinition.IsSharedProject(Project);
}

/// <summary>One place that names a part of the stack.</summary>
/// <param name="Where">The file and line, or the key of the compose files.</param>
/// <param name="File">The file, relative to the workspace; null for a key.</param>
/// <param name="Line">The line, from 1; null for a key.</param>
/// <param name="What">What it names.</param>
/// <param name="Form">How it names it.</param>
/// <param name="Decision">What becomes of it.</param>
/// <param name="To">What the instance uses instead; null if it stays.</param>
/// <param name="Reason">Why it stays, or which variable is set; null if it is translated.</param>
internal sealed record MentionEntry(
    string Where, string? File, int? Line, string What, MentionForm Form, MentionDecision Decision, string? To, string? Reason)
{
    /// <summary>The entry of a mention.</summary>
    public static MentionEntry Of(Mention mention)
    {
        var colon = mention.Where.LastIndexOf(':');
        int? line = colon > 0 && int.TryParse(mention.Where.AsSpan(colon + 1), out var number) ? number : null;
        return new MentionEntry(
            mention.Where, line is null ? null : mention.Where[..colon], line, mention.What, mention.Form, mention.Decision, mention.To, mention.Reason);
    }
}
