using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.IntegrationTests.Embedded;

/// <summary>Services of one instance as processes, under a PM2 daemon and in a workspace of their own.</summary>
internal sealed class EmbeddedInstance : IAsyncDisposable
{
    private static readonly string Tools = Path.Combine(AppContext.BaseDirectory, "tools");
    private readonly InstanceNumber _number = InstanceNumber.Take();
    private readonly TestPm2Home _home;

    private EmbeddedInstance(TestPm2Home home)
    {
        _home = home;
        if (!OperatingSystem.IsWindows())
        {
            // The account that PostgreSQL runs under when root starts it must be able to enter.
            File.SetUnixFileMode(home.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Workspace = Directory.CreateDirectory(Path.Combine(home.Folder, "w")).FullName;
        Spec = new InstanceSpec(StudioStack.Create(), Workspace, _number.Value);
    }

    public string Workspace { get; }

    public InstanceSpec Spec { get; }

    public Pm2Client Pm2 => _home.Driver;

    /// <summary>Where installed programs are looked for; empty, so that what is fetched is tested.</summary>
    public string SearchPath { get; init; } = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<EmbeddedInstance> CreateAsync(string searchPath = "") =>
        new(await TestPm2Home.CreateAsync()) { SearchPath = searchPath };

    /// <summary>A service with one published port.</summary>
    public static ComposeService Service(string name, string image, int target, int basePort) => new()
    {
        Name = name,
        Image = image,
        Ports = [new PublishedPort(name, target, basePort)],
    };

    /// <summary>Chooses for one service.</summary>
    public async Task<EmbeddedChoice> ChooseAsync(ComposeService service)
    {
        var ports = PortPlanner.Plan(Spec.Stack, [.. service.Ports], Spec.Number);
        var planner = new EmbeddedPlanner(new EmbeddedTools(Tools, SearchPath, _ => { }), []);
        return (await planner.ChooseAsync(Spec, new ComposeModel("p", [service], [], [], ""), ports, Cancellation)).Single();
    }

    /// <summary>Starts a service and waits until its port answers.</summary>
    public async Task StartAsync(EmbeddedChoice choice)
    {
        await BeginAsync(choice);
        await AnswersAsync(choice);
    }

    /// <summary>Starts a service and does not wait.</summary>
    public async Task BeginAsync(EmbeddedChoice choice)
    {
        Assert.True(choice.Process is not null, choice.Skipped);
        Directory.CreateDirectory(Spec.Paths.Logs);
        EmbeddedPlace.Prepare(choice);
        var file = Path.Combine(Spec.Paths.Directory, "services.json");
        await File.WriteAllTextAsync(file, EmbeddedEcosystem.Create([choice]).Json, Cancellation);
        await Pm2.StartAsync(file, [choice.Service.ProcessName], Cancellation);
    }

    /// <summary>Waits until a service's port answers.</summary>
    public async Task AnswersAsync(EmbeddedChoice choice) => await Eventually.HoldsAsync(
        () => PortProbe.AnswersAsync(choice.Process!.Port, Cancellation), $"{choice.Name} answers", seconds: 60);

    /// <summary>Ends a service.</summary>
    public Task StopAsync(EmbeddedChoice choice) => Pm2.DeleteAsync([choice.Service.ProcessName], Cancellation);

    /// <summary>What a service has written.</summary>
    public string Log(EmbeddedChoice choice) => string.Concat(new[] { "out", "err" }
        .Select(kind => Path.Combine(Spec.Paths.Logs, $"{EmbeddedEntry.LogStemOf(choice.Name)}.{kind}.log")).Where(File.Exists).Select(File.ReadAllText));

    /// <summary>Runs a node script and returns what it prints.</summary>
    public static async Task<string> NodeAsync(string script, params string[] arguments) => (await ProcessRunner.ReadAsync(
        new ProcessSpec { Program = "node", Arguments = ["-e", script, "--", .. arguments], Timeout = TimeSpan.FromSeconds(30) },
        "ask the service", cancellation: Cancellation)).Trim();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        _number.Dispose();
    }
}
