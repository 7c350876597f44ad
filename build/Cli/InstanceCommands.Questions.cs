using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Verbs;
using Output;

namespace Cli;

/// <summary>The read-only commands.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Logs</c>; Ctrl-C is the usual end of following, not a failure.</summary>
    public Task<int> LogsAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        if (specs.Count == 0)
        {
            if (output.IsChatty)
                output.Messages.WriteLine(NoInstancesText.Of(manager.Workspace, "There are no logs."));
            return ExitCode.Ok;
        }

        if (request.Logs.Only.Count > 0)
        {
            var statuses = await manager.StatusAsync(specs, cancellation);
            OnlyWords.Require(request.Logs.Only, statuses.SelectMany(s => s.Components).Select(c => c.Name));
        }

        try
        {
            var lines = manager.LogsAsync(specs, request.Logs, cancellation);
            var count = await LineStream.WriteAsync(lines, ChooseFormat(specs, request, manager), output, cancellation);
            if (count == 0 && output.IsChatty)
                output.Messages.WriteLine($"The selected services and apps have no log lines ({string.Join(", ", specs.Select(s => s.Project))}).");
        }
        catch (OperationCanceledException) when (request.Logs.Follow && cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }

        return ExitCode.Ok;
    }, cancellation: cancellation);

    /// <summary><c>Info</c>.</summary>
    public Task<int> InfoAsync() => WithInfosAsync((request, infos) =>
    {
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, InfoDocument.Of(request.Workspace, infos));
        else
            new InfoText(output.Data).Write(infos);
    });

    /// <summary><c>Ports</c>: lines that a shell can evaluate, hence of one instance only; or the reasons as a table.</summary>
    public Task<int> PortsAsync(CancellationToken cancellation) => words.Explain ? ExplainPortsAsync(cancellation) : WithInfosAsync((_, infos) =>
    {
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, PortsDocument.Of(infos));
        else
            PortsText.Write(output.Data.Writer, infos);
    });

    private Task<int> ExplainPortsAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        var plans = new List<InstanceInfo>();
        foreach (var spec in specs)
            plans.Add(manager.Info(spec) with { Ports = await manager.PlanPortsAsync(spec, cancellation) });
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, PortsDocument.Explain(plans));
        else
            new PortReasonsText(output.Data).Write(plans);
        return ExitCode.Ok;
    }, cancellation: cancellation);

    /// <summary><c>Audit</c>; anything that no rule covers is a failure, as something that is not ready.</summary>
    public Task<int> AuditAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var audits = new List<InstanceAudit>();
        foreach (var spec in await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation))
            audits.Add(await manager.AuditAsync(spec, cancellation));
        var exitCode = audits.Any(a => a.Unknown > 0) ? ExitCode.NotReady : ExitCode.Ok;
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, AuditDocument.Of(request.Workspace, exitCode, audits));
        else if (audits.Count == 0)
            output.Messages.WriteLine(NoInstancesText.Of(manager.Workspace, $"Start one: {request.Next.For("Up", 1)}"));
        else
            new AuditText(output.Data).Write(audits);
        return exitCode;
    }, runsWorkspace: true, cancellation: cancellation);

    /// <summary><c>ProjectName</c>.</summary>
    public Task<int> ProjectNameAsync() => WithInfosAsync((_, infos) =>
    {
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, ProjectDocument.Of(infos.Select(i => i.Spec)));
        foreach (var info in output.IsJson ? [] : infos)
            output.Data.Writer.WriteLine(info.Spec.Project);
    });

    /// <summary><c>UseInstance</c>.</summary>
    public Task<int> UseInstanceAsync() => WithManagerAsync(false, (request, manager) =>
    {
        var number = request.RequireNamedInstance();
        manager.Select(InstanceSelector.Of(number));
        manager.UseInstance(number);
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, new ActiveInstanceDocument(JsonOutput.SchemaVersion, manager.Workspace, number));
        else if (output.IsChatty)
            output.Data.WriteLine($"Commands in {manager.Workspace} now use instance {number} by default.");
        return Task.FromResult(ExitCode.Ok);
    });

    /// <summary><c>InitStack</c>.</summary>
    public async Task<int> InitializeStackAsync(CancellationToken cancellation)
    {
        try
        {
            var request = InstanceRequest.Parse(words, context);
            var report = await StackInitializer.RunAsync(request.ToOptions(writes: true), cancellation);
            if (output.IsJson)
                JsonOutput.Write(output.Data.Writer, StackFileDocument.Of(report));
            else if (request.DryRun)
                output.Data.Writer.Write(report.Text);
            else if (output.IsChatty)
                output.Data.WriteLine(report.IsWritten ? $"Wrote {report.Path}; edit it as needed." : $"{report.Path} is up to date.");
            return (int)ExitCode.Ok;
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }

    private Func<InstanceLogLine, string> ChooseFormat(
        IReadOnlyList<InstanceSpec> specs, InstanceRequest request, InstanceManager manager)
    {
        if (output.IsJson)
            return line => JsonOutput.ToLine(LogLineDocument.Of(line));
        var known = request.Logs.Only.Count > 0
            ? request.Logs.Only
            : [.. specs.SelectMany(s => manager.Info(s).Ports.Assignments).Select(a => a.Owner.Name).Distinct()];
        return new LogLineFormat(output.Data.Traits.HasColors, [.. specs.Select(s => s.Number)], known).Format;
    }

    private Task<int> WithInfosAsync(Action<InstanceRequest, IReadOnlyList<InstanceInfo>> show) =>
        WithManagerAsync(false, async (request, manager) =>
        {
            var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, CancellationToken.None);
            var infos = specs.Select(manager.Info).ToList();
            if (infos.Count == 0 && !output.IsJson)
                output.Messages.WriteLine(NoInstancesText.Of(manager.Workspace, $"Start one: {request.Next.For("Up", 1)}"));
            else
                show(request, infos);
            return ExitCode.Ok;
        });
}
