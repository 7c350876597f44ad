using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Verbs;
using Output;

namespace Cli;

/// <summary>The commands that may be for some services and apps of an instance alone.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Wait</c>.</summary>
    public Task<int> WaitAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await ChooseAsync(request, manager, cancellation);
        var timeout = TimeoutWord.Parse(words.Timeout, TimeoutWord.DefaultOfWait);
        return Show(CommandWords.Wait, request, await WorkAsync(
            CommandWords.Wait, specs, p => manager.WaitAsync(specs, request.Logs.Only, timeout, p, cancellation)));
    }, cancellation: cancellation);

    /// <summary><c>Restart</c>.</summary>
    public Task<int> RestartAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await ChooseAsync(request, manager, cancellation);
        return Show(CommandWords.Restart, request, await WorkAsync(
            CommandWords.Restart, specs, p => manager.RestartAsync(specs, request.Logs.Only, p, cancellation)));
    }, cancellation: cancellation);

    /// <summary><c>Exec</c>: its exit code is the command's.</summary>
    public Task<int> ExecAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var example = $"{request.Next.For("Exec", 1)} --only postgres -- psql -c 'select 1'";
        if (words.Command is not { Count: > 0 } command)
            throw InstanceKitException.Usage("Exec runs the command after '--', and there is none.", $"For example: {example}");
        if (request.Logs.Only is not [var name])
            throw InstanceKitException.Usage("Exec runs in one service or app, and --only must name exactly one.", $"For example: {example}");
        if (await ChooseAsync(request, manager, cancellation) is not [var spec])
            throw InstanceKitException.Usage($"Exec runs in one instance, and {request.Instances.Origin} selects several.", $"For example: {example}");

        var process = await manager.PrepareExecAsync(
            spec, name, command, isTerminal: !Console.IsInputRedirected && !Console.IsOutputRedirected, cancellation);
        if (!request.DryRun)
            return (ExitCode)AttachedProcess.Run(process);
        output.Data.Writer.WriteLine(process);
        return ExitCode.Ok;
    }, cancellation: cancellation);

    /// <summary><c>Env</c>.</summary>
    public Task<int> EnvironmentAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var shell = ShellKindWord.Parse(words.Shell);
        if (request.Logs.Only.Count > 1)
        {
            throw InstanceKitException.Usage(
                "Env prints the variables of one service or app, and --only names several, which would overwrite each other.",
                "Name one, or omit --only for the variables that all apps share.");
        }

        var specs = await ChooseAsync(request, manager, cancellation);
        var name = request.Logs.Only is [var only] ? only : null;
        var environments = await Task.WhenAll(specs.Select(s => manager.EnvironmentAsync(s, name, cancellation)));
        if (output.IsJson)
            JsonOutput.Write(output.Data.Writer, EnvironmentDocument.Of(environments));
        else
            ExportText.Write(output, environments, shell);
        return ExitCode.Ok;
    }, cancellation: cancellation);

    /// <summary><c>Open</c>.</summary>
    public Task<int> OpenAsync(CancellationToken cancellation) => WithManagerAsync(false, async (request, manager) =>
    {
        var specs = await ChooseAsync(request, manager, cancellation);
        var choices = specs.Select(s => (Spec: s, Choice: EndpointChoice.Of(manager.Info(s), request.Logs.Only))).ToList();
        if (output.IsJson)
        {
            JsonOutput.Write(output.Data.Writer, EndpointsDocument.Of(choices.Select(c => (c.Spec, c.Choice.Shown))));
            return ExitCode.Ok;
        }

        foreach (var port in choices.SelectMany(c => c.Choice.Shown))
            output.Data.Writer.WriteLine(port.Endpoint);
        var opener = Browser.Find(context.Variable("PATH") ?? "");
        if (opener is null || request.DryRun || !OpenRule.MayOpen(!Console.IsOutputRedirected, context.Variable))
            return ExitCode.Ok;
        var exitCode = ExitCode.Ok;
        foreach (var (spec, choice) in choices)
        foreach (var port in choice.Opened)
        {
            if (await PortProbe.AnswersAsync(port.Port, cancellation))
            {
                await Browser.OpenAsync(opener, port.Endpoint, cancellation);
                continue;
            }

            output.Messages.WriteSentence("!", Palette.Caution,
                $"{port.Endpoint} does not answer and was not opened. Start it: {request.Next.For("Up", spec.Number)}");
            exitCode = ExitCode.NotReady;
        }

        return exitCode;
    }, cancellation: cancellation);

    /// <summary>The instances, after checking that each has what <c>--only</c> names.</summary>
    private static async Task<IReadOnlyList<InstanceSpec>> ChooseAsync(
        InstanceRequest request, InstanceManager manager, CancellationToken cancellation)
    {
        var specs = await manager.ChooseAsync(request.Instances.Selector, mayTake: false, cancellation);
        foreach (var spec in specs)
            OnlyWords.Require(request.Logs.Only, manager.NamesOf(spec));
        return specs;
    }
}

/// <summary>Whether <c>Open</c> may start a browser.</summary>
internal static class OpenRule
{
    /// <summary>
    /// Only for a user at this machine: standard output is a terminal, without SSH or CI.
    /// </summary>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    public static bool MayOpen(bool isTerminal, Func<string, string?> variable) =>
        isTerminal && !new[] { "CI", "SSH_CONNECTION", "SSH_TTY" }.Any(name => variable(name) is { Length: > 0 });
}

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
                $"Service {name} of {info.Spec.Name} ({info.Spec.Project}) has no endpoint: it is skipped because it {info.FindSkipReason(name)}.");
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
