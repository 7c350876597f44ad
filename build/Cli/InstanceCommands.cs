using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;
using Output;

namespace Cli;

/// <summary>
/// The commands on instances: parse the options, call the manager, show the result. Each returns the
/// documented exit code, and shows errors itself.
/// </summary>
internal sealed partial class InstanceCommands(RequestWords words, RequestContext context, CommandOutput output)
{
    /// <summary><c>InitInstance</c>; nothing where <c>Up</c> follows, which writes the files from its own plan.</summary>
    public Task<int> InitializeAsync(bool isUpNext, CancellationToken cancellation) => isUpNext
        ? Task.FromResult(0)
        : WithManagerAsync(true, async (request, manager) =>
        {
            var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: true, cancellation);
            return Show(CommandWords.Initialize, request, await WorkAsync(CommandWords.Initialize, specs, p => manager.InitializeAsync(specs, p, cancellation)));
        }, runsWorkspace: true, cancellation: cancellation);

    /// <summary><c>Up</c>.</summary>
    public Task<int> UpAsync(CancellationToken cancellation) => WithManagerAsync(true, async (request, manager) =>
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: true, cancellation);
        return Show(CommandWords.Up, request, await WorkAsync(CommandWords.Up, specs, p => manager.UpAsync(specs, p, cancellation)));
    }, runsWorkspace: true, cancellation: cancellation);

    /// <summary><c>Down</c>.</summary>
    public Task<int> DownAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        var reports = await WorkAsync(CommandWords.Down, specs, p => manager.DownAsync(specs, p, cancellation));
        return Show(CommandWords.Down, request, [.. reports, .. await EndSharedAsync(CommandWords.Down, request, manager, isCleaned: false, cancellation)]);
    }, cancellation: cancellation);

    /// <summary><c>Clean</c>.</summary>
    public Task<int> CleanAsync(CancellationToken cancellation) => words.Orphans ? CleanOrphansAsync(cancellation) : WithManagerAsync(false, async (request, manager) =>
    {
        request.RequireAgreement();
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        var reports = await WorkAsync(CommandWords.Clean, specs, p => manager.CleanAsync(specs, p, cancellation));
        return Show(CommandWords.Clean, request, [.. reports, .. await EndSharedAsync(CommandWords.Clean, request, manager, isCleaned: true, cancellation)]);
    }, cancellation: cancellation);

    /// <summary>With all instances goes what they share, unless another checkout uses it.</summary>
    private async Task<IReadOnlyList<OperationReport>> EndSharedAsync(
        CommandWords command, InstanceRequest request, InstanceManager manager, bool isCleaned, CancellationToken cancellation)
    {
        if (!request.Instances.Selector.IsAll || manager.FindShared() is not { } shared)
            return [];
        if (manager.SharedUsersElsewhere() is not { Count: > 0 } users)
            return await WorkAsync(command, [shared], p => manager.DownSharedAsync(isCleaned, p, cancellation));
        output.Messages.WriteSentence("!", Palette.Caution, $"The shared infrastructure is kept: {string.Join(", ", users)} {(users.Count == 1 ? "uses" : "use")} it.");
        return [];
    }

    private Task<IReadOnlyList<OperationReport>> WorkAsync(
        CommandWords command, IReadOnlyList<InstanceSpec> specs, Func<IProgress<InstanceEvent>, Task<IReadOnlyList<OperationReport>>> work) =>
        specs.Count == 0
            ? Task.FromResult<IReadOnlyList<OperationReport>>([])
            : output.ChooseProgress(command.Name).ShowAsync([.. specs.Where(s => !s.Stack.IsShared).Select(s => s.Number)], work);

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
                    LooksAt = looksFirst && !request.Instances.Selector.IsShared ? request.Instances.Selector : null,
                    Evaluation = !runsWorkspace ? ConfigEvaluation.Never : request.DryRun || !writes ? ConfigEvaluation.Allowed : ConfigEvaluation.Remembered,
                },
                cancellation);
            if (manager.UnevaluatedConfig is { } config && output.IsChatty)
            {
                output.Messages.WriteLine(
                    $"The apps of {request.Workspace} are unknown: {config} defines them, and only InitInstance and Up evaluate it. "
                    + $"Start an instance: {request.Next.For("Up", 1)}");
            }

            return (int)(request.Instances.Selector.IsShared
                ? await command(request with { Instances = request.Instances with { Selector = InstanceSelector.Auto }, Next = request.Next.ForShared() }, manager.OpenShared())
                : await command(request, manager));
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }
}

/// <summary>The exit code for the results of several instances.</summary>
internal static class ReportOutcome
{
    /// <summary>
    /// 130 when the work was interrupted; else the code that all failures share, or 1 when they differ; 0 without any.
    /// </summary>
    public static ExitCode ExitCodeOf(IReadOnlyList<OperationReport> reports)
    {
        if (reports.Any(r => r.Outcome == Outcome.Interrupted))
            return ExitCode.Interrupted;
        var codes = reports.Where(r => r.Outcome == Outcome.Failed)
            .Select(r => r.Error?.ExitCode ?? ExitCode.Failed).Distinct().ToList();
        return codes switch
        {
            [] => ExitCode.Ok,
            [var only] => only,
            _ => ExitCode.Failed,
        };
    }
}
