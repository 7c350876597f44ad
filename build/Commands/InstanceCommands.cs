using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Rendering;
using Rendering.Json;
using Rendering.Progress;
using Requests;

namespace Commands;

/// <summary>
/// The commands on instances: parse the options, call the manager, show the result. Each returns the
/// documented exit code, and shows errors itself.
/// </summary>
internal sealed partial class InstanceCommands(RequestWords words, RequestContext context, Output output)
{
    private IReadOnlyList<OperationReport> _initialized = [];

    /// <summary><c>InitInstance</c>.</summary>
    /// <param name="isPrelude">Whether <c>Up</c> follows, which shows the result of both.</param>
    /// <param name="cancellation">The first Ctrl-C.</param>
    public Task<int> InitializeAsync(bool isPrelude, CancellationToken cancellation) =>
        WithManagerAsync(true, async (request, manager) =>
        {
            var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: true, cancellation);
            var reports = await WorkAsync(CommandWords.Initialize, specs, p => manager.InitializeAsync(specs, p, cancellation));
            if (!isPrelude)
                return Show(CommandWords.Initialize, request, reports);
            _initialized = reports;
            return ExitCode.Ok;
        }, runsWorkspace: true, cancellation: cancellation);

    /// <summary><c>Up</c>, for the instances that <c>InitInstance</c> has not failed for.</summary>
    public Task<int> UpAsync(CancellationToken cancellation) =>
        // InitInstance has already overwritten the files; forcing again would write them twice.
        WithManagerAsync(_initialized.Count == 0, async (request, manager) =>
        {
            var lost = _initialized.Where(r => r.Outcome is Outcome.Failed or Outcome.Interrupted).Select(r => r.Instance);
            var chosen = await manager.ChooseAsync(request.Instances.Selector, mayTake: true, cancellation);
            var specs = chosen.ExceptBy(lost, s => s.Number).ToList();
            var reports = await WorkAsync(CommandWords.Up, specs, p => manager.UpAsync(specs, ReportSequence.WithoutNotesOf(_initialized, p), cancellation));
            return Show(CommandWords.Up, request, ReportSequence.Join(_initialized, reports));
        }, runsWorkspace: true, cancellation: cancellation);

    /// <summary><c>Down</c>.</summary>
    public Task<int> DownAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        return Show(CommandWords.Down, request, await WorkAsync(CommandWords.Down, specs, p => manager.DownAsync(specs, p, cancellation)));
    }, cancellation: cancellation);

    /// <summary><c>Clean</c>.</summary>
    public Task<int> CleanAsync(CancellationToken cancellation) => words.Orphans ? CleanOrphansAsync(cancellation) : WithManagerAsync(false, async (request, manager) =>
    {
        request.RequireAgreement();
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        return Show(CommandWords.Clean, request, await WorkAsync(CommandWords.Clean, specs, p => manager.CleanAsync(specs, p, cancellation)));
    }, cancellation: cancellation);

    private Task<IReadOnlyList<OperationReport>> WorkAsync(
        CommandWords command, IReadOnlyList<InstanceSpec> specs, Func<IProgress<InstanceEvent>, Task<IReadOnlyList<OperationReport>>> work) =>
        specs.Count == 0
            ? Task.FromResult<IReadOnlyList<OperationReport>>([])
            : output.ChooseProgress(command.Name).ShowAsync([.. specs.Select(s => s.Number)], work);

    private ExitCode Show(CommandWords command, InstanceRequest request, IReadOnlyList<OperationReport> reports)
    {
        var exitCode = ReportOutcome.ExitCodeOf(reports);
        if (reports.Count == 0 && output.IsChatty)
            output.Data.WriteLine(NoInstancesText.Of(request.Workspace, "There is nothing to do."));
        if (output.IsJson)
        {
            JsonOutput.WriteLine(output.Data.Writer, new OperationDocument
            {
                Command = command.Name,
                Workspace = request.Workspace,
                DryRun = request.DryRun,
                ExitCode = (int)exitCode,
                Instances = [.. reports.Select(r => OperationEntry.Of(r, output.Time.GetUtcNow()))],
            });
        }

        new ReportText(output, command, request.Next).Write(reports, !output.ChooseProgress(command.Name).ShowsNotes);
        return exitCode;
    }

    private void ReportWait(string line) => output.Messages.WriteLine(line);

    private async Task<int> WithManagerAsync(
        bool writes, Func<InstanceRequest, InstanceManager, Task<ExitCode>> command, bool looksFirst = false, bool runsWorkspace = false, CancellationToken cancellation = default)
    {
        try
        {
            var request = InstanceRequest.Parse(words, context);
            using var manager = await InstanceManager.OpenAsync(
                request.ToOptions(writes) with
                {
                    OnWait = ReportWait,
                    LooksAt = looksFirst ? request.Instances.Selector : null,
                    Evaluation = !runsWorkspace ? ConfigEvaluation.Never : request.DryRun ? ConfigEvaluation.Allowed : ConfigEvaluation.Remembered,
                },
                cancellation);
            if (manager.UnevaluatedConfig is { } config && output.IsChatty)
            {
                output.Messages.WriteLine(
                    $"The apps of {request.Workspace} are unknown: {config} defines them, and only InitInstance and Up evaluate it. "
                    + $"Start an instance: {request.Next.For("Up", 1)}");
            }

            return (int)await command(request, manager);
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }
}

/// <summary>Joins the reports of two consecutive commands.</summary>
internal static class ReportSequence
{
    /// <summary>The reports of both, one for each instance, in the order of the first.</summary>
    /// <param name="first">What the first command did; it may have failed for some instances.</param>
    /// <param name="then">What the second did for the others.</param>
    public static IReadOnlyList<OperationReport> Join(
        IReadOnlyList<OperationReport> first, IReadOnlyList<OperationReport> then) =>
    [
        .. first.Select(f => then.FirstOrDefault(t => t.Instance == f.Instance) is { } t ? Join(f, t) : f),
        .. then.Where(t => first.All(f => f.Instance != t.Instance)),
    ];

    /// <summary>Hands on what happens during the second command, without the notes that the first has shown.</summary>
    public static IProgress<InstanceEvent> WithoutNotesOf(IReadOnlyList<OperationReport> first, IProgress<InstanceEvent> progress) =>
        new EventSink(e =>
        {
            if (e.Kind != InstanceEventKind.Note || !first.Any(r => r.Instance == e.Instance && r.Notes.Contains(e.Message)))
                progress.Report(e);
        });

    private static OperationReport Join(OperationReport first, OperationReport then) => then with
    {
        Outcome = then.Outcome == Outcome.Unchanged ? first.Outcome : then.Outcome,
        Plan = Join(first.Plan, then.Plan),
        Notes = [.. first.Notes.Union(then.Notes, StringComparer.Ordinal)],
        Diffs = [.. first.Diffs.Concat(then.Diffs).DistinctBy(d => d.File)],
        Elapsed = first.Elapsed + then.Elapsed,
    };

    /// <summary>In a dry run, the second command plans the same file changes as the first.</summary>
    private static OperationPlan Join(OperationPlan first, OperationPlan then)
    {
        var files = first.Operations.Where(IsAboutFile).Select(o => o.Target).ToHashSet(StringComparer.Ordinal);
        return first.Then(new OperationPlan([.. then.Operations.Where(o => !IsAboutFile(o) || !files.Contains(o.Target))]));
    }

    private static bool IsAboutFile(Operation operation) =>
        operation.Kind is OperationKind.WriteFile or OperationKind.KeepFile;
}
