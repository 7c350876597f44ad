using Commands;
using Hosting;
using Nuke.Common;
using Rendering;
using Requests;

/// <summary>The targets on instances: each gives its words to a command, which works and shows.</summary>
internal sealed partial class Build
{
    private InstanceCommands Commands => field ??= new InstanceCommands(Words, Context, OutputOfProcess);

    public Target InitInstance => _ => _
        .Description("Writes the files of instances into .instances/; --force regenerates edited ones, --repair plans ports afresh")
        .Executes(() => Run(c => Commands.InitializeAsync(IsUpPlanned, c)));

    public Target Up => _ => _
        .Description("Starts instances, infrastructure first, waits until they are ready and shows where they answer")
        .DependsOn(InitInstance)
        .Executes(() => Run(Commands.UpAsync));

    public Target Down => _ => _
        .Description("Stops instances and keeps their data")
        .Executes(() => Run(Commands.DownAsync));

    public Target Logs => _ => _
        .Description("Shows the logs of services and apps as one stream; --follow, --tail, --since, --only")
        .Executes(() => Run(Commands.LogsAsync));

    public Target Status => _ => _
        .Description("Shows what runs in instances, and whether it is ready (the default target)")
        .Executes(() => Run(Commands.StatusAsync));

    public Target Clean => _ => _
        .Description("Removes instances with their data and files; all of them only with --yes; --orphans those without a workspace")
        .Executes(() => Run(Commands.CleanAsync));

    public Target List => _ => _
        .Description("Shows the instances of all workspaces on this machine, and which are orphaned")
        .Executes(() => Run(Commands.ListAsync));

    public Target Doctor => _ => _
        .Description("Looks for all that instances need of this machine, and says how to get what is missing")
        .Executes(() => Run(Commands.ExamineAsync));

    public Target Info => _ => _
        .Description("Shows names, ports and variables of instances")
        .Executes(() => Run(_ => Commands.InfoAsync()));

    public Target Ports => _ => _
        .Description("Prints the ports of an instance as NAME=number lines, fit for eval; --explain says why")
        .Executes(() => Run(Commands.PortsAsync));

    public Target ProjectName => _ => _
        .Description("Prints the Compose project names of instances")
        .Executes(() => Run(_ => Commands.ProjectNameAsync()));

    public Target UseInstance => _ => _
        .Description("Remembers which instance is meant where none is named")
        .Executes(() => Run(_ => Commands.UseInstanceAsync()));

    public Target InitStack => _ => _
        .Description("Writes instancekit.yml for a workspace from what is found in it; --dry-run prints it")
        .Executes(() => Run(Commands.InitializeStackAsync));

    public Target LocalImages => _ => _
        .Description("Makes stand-ins for the sample's images from Debian packages, and points the sample at them")
        .Executes(() => Run(Commands.MakeLocalImagesAsync));

    private RequestWords Words => new()
    {
        Instance = Instance,
        Workspace = Workspace,
        StackName = StackName,
        Infra = Infra,
        Timeout = Timeout,
        Tail = Tail,
        Since = Since,
        Only = Only ?? [],
        Follow = Follow,
        DryRun = DryRun,
        Force = Force,
        Repair = Repair,
        Explain = Explain,
        Yes = Yes,
        Orphans = Orphans,
        Json = Json,
    };

    private static RequestContext Context => new()
    {
        CurrentDirectory = Environment.CurrentDirectory,
        RepositoryRoot = RootDirectory.ToString(),
        Variable = Environment.GetEnvironmentVariable,
        Now = DateTimeOffset.Now,
        Launcher = OperatingSystem.IsWindows() ? "build.cmd" : "./build.sh",
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
