using InstanceKit;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Output;

namespace Cli;

/// <summary>The commands on all instances of the machine; they need no workspace.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>List</c>.</summary>
    public Task<int> ListAsync(CancellationToken cancellation) => WithMachineAsync(async machine =>
    {
        var survey = await machine.ListAsync(cancellation);
        var now = output.Time.GetUtcNow();
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, MachineDocument.Of(survey, now));
        else
            new MachineText(output.Data).Write(survey, now);
        return ExitCode.Ok;
    });

    /// <summary><c>Clean --orphans</c>; with <c>--stack-name</c>, only those of that stack.</summary>
    private Task<int> CleanOrphansAsync(CancellationToken cancellation) => WithMachineAsync(async machine =>
    {
        if (words.Instance is not null)
        {
            throw InstanceKitException.Usage(
                "--orphans removes instances whose workspace no longer exists, and can't be combined with --instance.",
                "Use one of them.");
        }

        var found = await machine.FindOrphansAsync(cancellation);
        var orphans = words.StackName is { } stack
            ? [.. found.Where(o => o.Project.StartsWith($"{stack}-dev-", StringComparison.Ordinal))]
            : found;
        if (output.IsChatty)
        {
            output.Data.WriteLine(orphans.Count == 0 ? words.StackName is { } name ? $"No instance of stack {name} is orphaned." : "No instance on this machine is orphaned." : "Orphaned:");
            foreach (var orphan in orphans)
                output.Data.WriteLine($"  {StackDefinition.NameOf(orphan.Number, orphan.Project)} ({orphan.Project}) of {orphan.Workspace}: {orphan.Remark}");
        }

        if (orphans.Count > 0 && !words.DryRun && !words.Yes)
            await RequireAgreementAsync(await machine.RemoveAsync(orphans, dryRun: true, cancellation), cancellation);
        var removed = await machine.RemoveAsync(orphans, words.DryRun, cancellation);
        IReadOnlyList<OperationReport> reports = [.. removed.Select(r => r.Report)];
        var exitCode = ReportOutcome.ExitCodeOf(reports);
        if (output.IsJson)
        {
            JsonOutput.WriteLine(output.Data.Writer, new OrphansDocument
            {
                DryRun = words.DryRun,
                ExitCode = (int)exitCode,
                Orphans = [.. removed.Select(r => OrphanEntry.Of(r, output.Time.GetUtcNow()))],
            });
        }

        new ReportText(output, CommandWords.Clean, words.ToNext(context.Launcher)).Write(reports, repeatsNotes: true);
        return exitCode;
    });

    /// <summary>Lists what would be removed, and asks for confirmation.</summary>
    /// <exception cref="InstanceKitException">There is no terminal to ask, or the answer is no.</exception>
    private async Task RequireAgreementAsync(IReadOnlyList<OrphanReport> planned, CancellationToken cancellation)
    {
        foreach (var report in planned.Select(p => p.Report))
        {
            output.Messages.WriteLine($"{StackDefinition.TitleOf(report.Instance, report.Project)} ({report.Project}): this would be removed permanently.");
            foreach (var operation in report.Plan.Operations)
                output.Messages.WriteLine($"  {operation}");
        }

        if (output.IsJson || Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw InstanceKitException.Usage(
                $"Clean --orphans removes the data of {string.Join(", ", planned.Select(p => p.Report.Project))} permanently, and there is no terminal to confirm it.",
                "To confirm, add --yes. If a workspace was only moved, run InitInstance in its new location to keep its instance.");
        }

        output.Messages.Writer.Write("Remove all of this? [y/N] ");
        output.Messages.Writer.Flush();
        if ((await Task.Run(Console.In.ReadLine, cancellation).WaitAsync(cancellation))?.Trim() is not ("y" or "Y" or "yes"))
            throw InstanceKitException.Usage("Nothing was removed.");
    }

    private async Task<int> WithMachineAsync(Func<InstanceMachine, Task<ExitCode>> command)
    {
        try
        {
            using var machine = new InstanceMachine(InstanceRequest.ToolsOf(context), FindWorkspace(), ReportWait);
            return (int)await command(machine);
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }

    /// <summary>The workspace that was named, or is the default one where there is one.</summary>
    private string? FindWorkspace()
    {
        try
        {
            return WorkspaceLocator.Locate(words.Workspace, context);
        }
        catch (InstanceKitException) when (words.Workspace is null)
        {
            return null;
        }
    }
}
