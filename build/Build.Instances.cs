using Commands;
using Hosting;
using InstanceKit.Observing;
using Manual.Pages;
using Nuke.Common;
using Rendering;
using Requests;

/// <summary>The targets on instances: each gives its words to a command, which works and shows.</summary>
internal sealed partial class Build
{
    private InstanceCommands Commands => field ??= new InstanceCommands(Words, Context, OutputOfProcess);

    public Target InitInstance => _ => _
        .Description(Summary.InitInstance)
        .Executes(() => Run(c => Commands.InitializeAsync(IsUpPlanned, c)));

    public Target Up => _ => _
        .Description(Summary.Up)
        .DependsOn(InitInstance)
        .Executes(() => Run(Commands.UpAsync));

    public Target Down => _ => _
        .Description(Summary.Down)
        .Executes(() => Run(Commands.DownAsync));

    public Target Logs => _ => _
        .Description(Summary.Logs)
        .Executes(() => Run(Commands.LogsAsync));

    public Target Status => _ => _
        .Description(Summary.Status)
        .Executes(() => Run(Commands.StatusAsync));

    public Target Stats => _ => _
        .Description(Summary.Stats)
        .Executes(() => Run(Commands.StatsAsync));

    public Target Restart => _ => _
        .Description(Summary.Restart)
        .Executes(() => Run(Commands.RestartAsync));

    public Target Wait => _ => _
        .Description(Summary.Wait)
        .Executes(() => Run(Commands.WaitAsync));

    [TakesCommand]
    public Target Exec => _ => _
        .Description(Summary.Exec)
        .Executes(() => Run(Commands.ExecAsync));

    public Target Open => _ => _
        .Description(Summary.Open)
        .Executes(() => Run(Commands.OpenAsync));

    public Target Env => _ => _
        .Description(Summary.Env)
        .Executes(() => Run(Commands.EnvironmentAsync));

    public Target Clean => _ => _
        .Description(Summary.Clean)
        .Executes(() => Run(Commands.CleanAsync));

    public Target List => _ => _
        .Description(Summary.List)
        .Executes(() => Run(Commands.ListAsync));

    public Target Doctor => _ => _
        .Description(Summary.Doctor)
        .Executes(() => Run(Commands.ExamineAsync));

    public Target Info => _ => _
        .Description(Summary.Info)
        .Executes(() => Run(_ => Commands.InfoAsync()));

    public Target Ports => _ => _
        .Description(Summary.Ports)
        .Executes(() => Run(Commands.PortsAsync));

    public Target ProjectName => _ => _
        .Description(Summary.ProjectName)
        .Executes(() => Run(_ => Commands.ProjectNameAsync()));

    public Target UseInstance => _ => _
        .Description(Summary.UseInstance)
        .Executes(() => Run(_ => Commands.UseInstanceAsync()));

    public Target InitStack => _ => _
        .Description(Summary.InitStack)
        .Executes(() => Run(Commands.InitializeStackAsync));

    public Target LocalImages => _ => _
        .Description(Summary.LocalImages)
        .Executes(() => Run(Commands.MakeLocalImagesAsync));

    public Target Completion => _ => _
        .Description(Summary.Completion)
        .Executes(() => Run(_ => Commands.WriteCompletionAsync()));

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

    private static RequestContext Context => ContextIn(RootDirectory.ToString());

    private static RequestContext ContextIn(string root) => new()
    {
        CurrentDirectory = Environment.CurrentDirectory,
        RepositoryRoot = root,
        Variable = Environment.GetEnvironmentVariable,
        Now = DateTimeOffset.Now,
        Launcher = Launcher.Name,
    };

    private Output OutputOfProcess => Output.OfProcess(
        BuildStreams.Data, BuildStreams.Progress, () => BuildStreams.IsDataAbandoned, DetailOf(Verbosity), Json);

    private static Detail DetailOf(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Quiet => Detail.Quiet,
        Verbosity.Verbose => Detail.Verbose,
        _ => Detail.Normal,
    };

    private bool IsUpPlanned => ExecutionPlan.Any(t => t.Name == nameof(Up));
}
