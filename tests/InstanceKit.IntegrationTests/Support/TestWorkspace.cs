using System.Security.Cryptography;
using BlackBox;
using InstanceKit.IntegrationTests.Terminal;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A throw-away workspace with a PM2 and a stack name of its own, removed with all that it ran.</summary>
internal abstract class TestWorkspace : IAsyncDisposable
{
    private readonly List<InstanceNumber> _numbers = [];
    private readonly List<TestInstance> _adopted = [];
    private readonly List<BuildResult> _transcript = [];
    private readonly Pm2Program _pm2;

    protected TestWorkspace(Pm2Program pm2)
    {
        _pm2 = pm2;
        Folder = Path.Combine(Root, "w");
        Directory.CreateDirectory(Folder);
        StateHome = Path.Combine(Root, "s");
        Build = new BuildProgram(Root, AddToTranscript);
    }

    /// <summary>The test's own folder, with a short path.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("ik-").FullName;

    /// <summary>The workspace.</summary>
    public string Folder { get; private set; }

    /// <summary>The PM2_HOME.</summary>
    public string Pm2Home => Path.Combine(Root, "p");

    /// <summary>The folder of the registry; its own, so that no test meets a lease of another one or of a person.</summary>
    public string StateHome { get; set; }

    /// <summary>The stack's name: begins the names of everything that this workspace runs.</summary>
    public string StackName { get; set; } = $"it{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";

    /// <summary>The program.</summary>
    public BuildProgram Build { get; }

    /// <summary>Variables set at every call of the program.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>Whether the program is led to an engine that does not answer: services run as processes then.</summary>
    public bool IsEngineHidden { get; init; }

    /// <summary>Whether a test has cleaned all its instances itself, and looked.</summary>
    public bool IsCleaned { get; set; }

    /// <summary>What the program was called with and said, so far.</summary>
    public string Transcript
    {
        get
        {
            lock (_transcript)
                return string.Concat(_transcript);
        }
    }

    /// <summary>The instances that were taken.</summary>
    public IReadOnlyList<TestInstance> Instances => [.. _numbers.Select(n => new TestInstance(this, n.Value)), .. _adopted];

    /// <summary>Takes a number for one more instance. Nothing is run.</summary>
    public TestInstance TakeInstance()
    {
        var number = InstanceNumber.Take();
        _numbers.Add(number);
        return new TestInstance(this, number.Value);
    }

    /// <summary>An instance whose number the program has chosen itself.</summary>
    public TestInstance Adopt(int number)
    {
        var instance = new TestInstance(this, number);
        _adopted.Add(instance);
        return instance;
    }

    /// <summary>Moves the workspace to another folder beside the present one.</summary>
    public void MoveTo(string name)
    {
        Directory.Move(Folder, Path.Combine(Root, name));
        Folder = Path.Combine(Root, name);
    }

    /// <summary>The absolute path of a file of the workspace.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file of the workspace.</summary>
    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }

    /// <summary>Runs the program on this workspace, which is added to the words.</summary>
    public Task<BuildResult> RunAsync(params string[] arguments) => Build.RunAsync(Arguments(arguments), Variables);

    /// <summary>The same, with other variables and another hard limit.</summary>
    public Task<BuildResult> RunAsync(
        IReadOnlyDictionary<string, string?> environment, double seconds, params string[] arguments)
    {
        var variables = Variables;
        foreach (var (name, value) in environment)
            variables[name] = value;
        return Build.RunAsync(Arguments(arguments), variables, seconds);
    }

    /// <summary>The same, in a terminal or with something on standard input.</summary>
    public Task<BuildResult> RunAsync(string[] arguments, string input = "", bool inTerminal = false) =>
        Build.RunAsync(Arguments(arguments), Variables, input: input, inTerminal: inTerminal);

    /// <summary>Runs a verb on one instance with JSON as its answer; fails the test on another exit code.</summary>
    public async Task<BuildResult> RunJsonAsync(int exitCode, string verb, TestInstance instance, params string[] options) =>
        (await RunAsync([verb, "--instance", $"{instance.Number}", "--json", .. options])).Expect(exitCode);

    /// <summary>Starts the program on this workspace.</summary>
    public Task<RunningBuild> StartAsync(params string[] arguments) => Build.StartAsync(Arguments(arguments), Variables);

    /// <summary>Opens a terminal in which the program can be called as a person does.</summary>
    public Task<TmuxSession> OpenTerminalAsync(int width, int height) => TmuxSession.OpenAsync(Folder, Variables, width, height);

    /// <summary>What a person types to call the program on this workspace.</summary>
    public string CommandLine(params string[] arguments) =>
        string.Join(' ', Arguments(arguments).Prepend(Repository.PathOf("build.sh")).Select(word => $"'{word}'"));

    /// <summary>Whether a daemon of this workspace's PM2 runs.</summary>
    public bool IsPm2Alive => new Pm2Client(_pm2, Pm2Home).IsDaemonAlive();

    /// <summary>All apps of this workspace's PM2.</summary>
    public Task<IReadOnlyList<Pm2Process>> ProcessesAsync() => new Pm2Client(_pm2, Pm2Home).ListAsync();

    /// <summary>Runs a command of this workspace's PM2.</summary>
    public Task<ProcessResult> RunPm2Async(params IEnumerable<string> arguments) => ProcessRunner.RunAsync(
        _pm2.Command(arguments) with
        {
            Environment = new Dictionary<string, string?> { ["PM2_HOME"] = Pm2Home },
            WorkingDirectory = Root,
            Timeout = TimeSpan.FromSeconds(60),
        });

    /// <summary>Cleans all instances with the program itself; what that left behind fails the test and is removed.</summary>
    public async ValueTask DisposeAsync()
    {
        Environment.Clear(); // what a test has set to make something fail
        try
        {
            var cleaned = IsCleaned || Instances.Count == 0 || !Directory.Exists(Folder) ? null : await RunAsync("Clean", "--instance", "all", "--yes");
            IReadOnlyList<string> survivors = [.. await EndProcessesAsync(), .. await RemoveContainersAsync()];
            cleaned?.Expect(0);
            Assert.True(survivors.Count == 0, $"Clean left behind: {string.Join(", ", survivors)}\n{cleaned}");
        }
        finally
        {
            await RemoveAllAsync();
        }
    }

    /// <summary>
    /// Even when Clean did not end or the engine hangs: what stays would be in the way of every later test with such a
    /// number. The processes come first, since no engine is needed to end them.
    /// </summary>
    private async Task RemoveAllAsync()
    {
        try
        {
            await EndProcessesAsync();
            await RemoveContainersAsync();
        }
        finally
        {
            Directory.Delete(Root, recursive: true);
            _numbers.ForEach(n => n.Dispose());
        }
    }

    private async Task<IReadOnlyList<string>> EndProcessesAsync()
    {
        var survivors = new List<string>();
        var pm2 = new Pm2Client(_pm2, Pm2Home);
        if (pm2.IsDaemonAlive())
        {
            foreach (var instance in Instances)
                survivors.AddRange((await instance.ProcessesAsync()).Select(p => p.Name));
        }

        var processes = Instances.SelectMany(i => OwnedProcesses.Find(ProcessMarks.OwnerOf(i.Project, Folder))).ToList();
        survivors.AddRange(processes.Select(p => $"{p.Command} ({p.Pid})"));
        await Pm2Daemon.EndAsync(pm2); // first, or it would start again what is ended
        await OwnedProcesses.EndAsync(processes, TimeSpan.Zero);
        return survivors;
    }

    private async Task<IReadOnlyList<string>> RemoveContainersAsync()
    {
        var survivors = new List<string>();
        foreach (var instance in IsEngineHidden ? [] : Instances)
        {
            survivors.AddRange((await instance.ContainersAsync()).Select(c => c.Name));
            await TestEngine.RemoveAsync(instance.Project);
        }

        return survivors;
    }

    private Dictionary<string, string?> Variables
    {
        get
        {
            var variables = new Dictionary<string, string?>(Environment) { ["PM2_HOME"] = Pm2Home, ["XDG_STATE_HOME"] = StateHome };
            if (IsEngineHidden && !Environment.ContainsKey("DOCKER_HOST"))
                variables["DOCKER_HOST"] = $"unix://{Root}/dead.sock";
            return variables;
        }
    }

    /// <summary>The build's own words end where a command begins; <c>List</c> is of all stacks.</summary>
    private string[] Arguments(string[] arguments)
    {
        string[] place = arguments[0] == "List" ? ["--workspace", Folder] : ["--workspace", Folder, "--stack-name", StackName];
        return [.. arguments.TakeWhile(a => a != "--"), .. place, .. arguments.SkipWhile(a => a != "--")];
    }

    private void AddToTranscript(BuildResult result)
    {
        lock (_transcript)
            _transcript.Add(result);
    }
}
