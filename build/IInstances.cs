using Cli;
using Cli.Hosting;
using Cli.Manual;
using Nuke.Common;
using Output;

namespace ShipSec.Build;

/// <summary>
/// The targets on instances, for any NUKE build: <c>class Build : NukeBuild, IInstances</c>. docs/embedding.md describes it.
/// </summary>
public interface IInstances : INukeBuild
{
    [Parameter("The instances: a number, a list or range such as 0,2,5-7, all, auto (the checkout's own, otherwise the lowest free number), or shared (the shared infrastructure).")]
    string? Instance => TryGetValue(() => Instance!);

    [Parameter("The workspace. Default is this repository, otherwise samples/studio.")]
    string? Workspace => TryGetValue(() => Workspace!);

    [Parameter("Overwrites generated files that were edited, after saving them as *.bak.")]
    bool Force => TryGetValue<bool?>(() => Force) ?? false;

    [Parameter("Plans the ports of instances again and reports which have moved. Otherwise they never change.")]
    bool Repair => TryGetValue<bool?>(() => Repair) ?? false;

    [Parameter("Keeps containers whose image was rebuilt under the same tag. Otherwise Up replaces them.")]
    bool KeepImages => TryGetValue<bool?>(() => KeepImages) ?? false;

    [Parameter("Prints all ports of the stack, each with the reason for its number.")]
    bool Explain => TryGetValue<bool?>(() => Explain) ?? false;

    [Parameter("Shows what would be done and why, without changing anything.")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;

    [Parameter("Prints JSON, and nothing else, to standard output.")]
    bool Json => TryGetValue<bool?>(() => Json) ?? false;

    [Parameter("Keeps showing Status, Stats or Verify until Ctrl-C: in place in a terminal, otherwise as a block for each change.")]
    bool Watch => TryGetValue<bool?>(() => Watch) ?? false;

    [Parameter("Makes Status end with exit code 5 if something it shows is not ready.")]
    bool RequireReady => TryGetValue<bool?>(() => RequireReady) ?? false;

    [Parameter("Confirms the removal of all instances, or of orphaned ones, without asking.")]
    bool Yes => TryGetValue<bool?>(() => Yes) ?? false;

    [Parameter("Makes Clean remove what is left of instances, of all workspaces, whose workspace no longer exists.")]
    bool Orphans => TryGetValue<bool?>(() => Orphans) ?? false;

    [Parameter("Keeps following the logs until Ctrl-C.")]
    bool Follow => TryGetValue<bool?>(() => Follow) ?? false;

    [Parameter("How many of the last log lines of each source to show: a number or all. Default is 100, or all with --since or --grep.")]
    string? Tail => TryGetValue(() => Tail!);

    [Parameter("Shows logs since a time: 10m (ten minutes ago), 2h30m, or a date and time.")]
    string? Since => TryGetValue(() => Since!);

    [Parameter("Shows logs until a time: 5m (five minutes ago), or a date and time. Following ends there.")]
    string? Until => TryGetValue(() => Until!);

    [Parameter("Shows only lines that match a regular expression.")]
    string? Grep => TryGetValue(() => Grep!);

    [Parameter("Only these services and apps, separated by commas.", Separator = ",")]
    string[]? Only => TryGetValue(() => Only!);

    [Parameter("How long Up and Restart wait without progress, or Wait waits in total: 120, 90s or 2m. Default is 120, or 60 for Wait.")]
    string? Timeout => TryGetValue(() => Timeout!);

    [Parameter("What runs the services: auto, compose (containers), embedded (processes on this machine), shared (one infrastructure for all instances) or own (no longer shared). Default is auto.")]
    string? Infra => TryGetValue(() => Infra!);

    [Parameter("The prefix of project and app names. Default is the workspace's own.")]
    string? StackName => TryGetValue(() => StackName!);

    [Parameter("The shell for the output of Env and Completion: bash, zsh, fish or powershell. Default of Env is bash, or powershell on Windows.")]
    string? Shell => TryGetValue(() => Shell!);

    Target InitInstance => _ => _
        .Description(Summary.InitInstance)
        .Executes(() => Run(c => Commands.InitializeAsync(IsUpPlanned, c)));

    Target Up => _ => _
        .Description(Summary.Up)
        .DependsOn(InitInstance)
        .Executes(() => Run(Commands.UpAsync));

    Target Down => _ => _
        .Description(Summary.Down)
        .Executes(() => Run(Commands.DownAsync));

    Target Logs => _ => _
        .Description(Summary.Logs)
        .Executes(() => Run(Commands.LogsAsync));

    Target Status => _ => _
        .Description(Summary.Status)
        .Executes(() => Run(Commands.StatusAsync));

    Target Stats => _ => _
        .Description(Summary.Stats)
        .Executes(() => Run(Commands.StatsAsync));

    Target Verify => _ => _
        .Description(Summary.Verify)
        .Executes(() => Run(Commands.VerifyAsync));

    Target Restart => _ => _
        .Description(Summary.Restart)
        .Executes(() => Run(Commands.RestartAsync));

    Target Wait => _ => _
        .Description(Summary.Wait)
        .Executes(() => Run(Commands.WaitAsync));

    [TakesCommand]
    Target Exec => _ => _
        .Description(Summary.Exec)
        .Executes(() => Run(Commands.ExecAsync));

    Target Open => _ => _
        .Description(Summary.Open)
        .Executes(() => Run(Commands.OpenAsync));

    Target Env => _ => _
        .Description(Summary.Env)
        .Executes(() => Run(Commands.EnvironmentAsync));

    Target Clean => _ => _
        .Description(Summary.Clean)
        .Executes(() => Run(Commands.CleanAsync));

    Target List => _ => _
        .Description(Summary.List)
        .Executes(() => Run(Commands.ListAsync));

    Target Doctor => _ => _
        .Description(Summary.Doctor)
        .Executes(() => Run(Commands.ExamineAsync));

    Target Info => _ => _
        .Description(Summary.Info)
        .Executes(() => Run(_ => Commands.InfoAsync()));

    Target Ports => _ => _
        .Description(Summary.Ports)
        .Executes(() => Run(Commands.PortsAsync));

    Target Audit => _ => _
        .Description(Summary.Audit)
        .Executes(() => Run(Commands.AuditAsync));

    Target ProjectName => _ => _
        .Description(Summary.ProjectName)
        .Executes(() => Run(_ => Commands.ProjectNameAsync()));

    Target UseInstance => _ => _
        .Description(Summary.UseInstance)
        .Executes(() => Run(_ => Commands.UseInstanceAsync()));

    Target InitStack => _ => _
        .Description(Summary.InitStack)
        .Executes(() => Run(Commands.InitializeStackAsync));

    Target LocalImages => _ => _
        .Description(Summary.LocalImages)
        .Executes(() => Run(Commands.MakeLocalImagesAsync));

    Target Completion => _ => _
        .Description(Summary.Completion)
        .Executes(() => Run(_ => Commands.WriteCompletionAsync()));

    private InstanceCommands Commands => new(Words, ContextIn(RootDirectory.ToString()), OutputOfProcess);

    private RequestWords Words => new()
    {
        Instance = Instance,
        Workspace = Workspace,
        StackName = StackName,
        Infra = Infra,
        Timeout = Timeout,
        Command = CommandBehindDashes.Words,
        Tail = Tail,
        Since = Since,
        Until = Until,
        Grep = Grep,
        Only = Only ?? [],
        Follow = Follow,
        DryRun = DryRun,
        Force = Force,
        Repair = Repair,
        KeepImages = KeepImages,
        Explain = Explain,
        RequireReady = RequireReady,
        Watch = Watch,
        Yes = Yes,
        Orphans = Orphans,
        Json = Json,
        Shell = Shell,
    };

    private CommandOutput OutputOfProcess => CommandOutput.OfProcess(
        BuildStreams.Data, BuildStreams.Progress, () => BuildStreams.IsDataAbandoned, DetailOf(NukeBuild.Verbosity), Json);

    private static Detail DetailOf(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Quiet => Detail.Quiet,
        Verbosity.Verbose => Detail.Verbose,
        _ => Detail.Normal,
    };

    private bool IsUpPlanned => ExecutionPlan.Any(t => t.Name == nameof(Up));

    internal static RequestContext ContextIn(string root) => new()
    {
        CurrentDirectory = Environment.CurrentDirectory,
        RepositoryRoot = root,
        Variable = Environment.GetEnvironmentVariable,
        Now = DateTimeOffset.Now,
        Launcher = Launcher.Name,
    };

    private void Run(Func<CancellationToken, Task<int>> verb) => VerbRunner.Run(this, verb);
}
