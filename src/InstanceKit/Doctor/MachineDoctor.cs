using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Verbs;

namespace InstanceKit.Doctor;

/// <summary>Looks at everything that instances need of a machine, all at once. Nothing is installed, started or written.</summary>
/// <param name="options">What is looked at.</param>
public sealed class MachineDoctor(DoctorOptions options)
{
    private const string WatchesFile = "/proc/sys/fs/inotify/max_user_watches";

    /// <summary>Gathers the facts; that something does not answer within five seconds is a fact too.</summary>
    public async Task<DiagnosisFacts> CollectFactsAsync(CancellationToken cancellation)
    {
        var programs = new ProgramProbe(options.RepositoryRoot, options.ToolsDirectory);
        var sdk = programs.SdkAsync(cancellation);
        var node = programs.NodeAsync(cancellation);
        var npm = programs.NpmAsync(cancellation);
        var compose = programs.ComposeAsync(cancellation);
        var git = programs.GitAsync(cancellation);
        var engine = EngineProbe.AskAsync(cancellation);
        var workspaceFact = new WorkspaceProbe(options).CollectFactsAsync(cancellation);
        var listed = Probe.AskAsync(ListAsync, _ => [], cancellation);
        var workspace = await workspaceFact;
        var instances = await listed;
        var chosen = workspace.Instances.Count(c => !instances.Any(i => i.Workspace == workspace.Path && i.Number == c.Number));
        var (total, available) = MachineMemory.Read();
        return new DiagnosisFacts
        {
            System = CurrentSystem.Value,
            Sdk = await sdk,
            Node = await node,
            Npm = await npm,
            Compose = await compose,
            Git = await git,
            Pm2 = programs.FindPm2(),
            Engine = await engine,
            Next = options.Next,
            Workspace = workspace.Path,
            WorkspaceProblem = workspace.Problem,
            Infra = workspace.Infra,
            Packages = workspace.Packages,
            Instances = workspace.Instances,
            Providers = workspace.Providers,
            Memory = new MemoryFact(total, available)
            {
                Instances = instances.Count + (workspace.Path is null ? 1 : chosen),
                Running = instances.Count(i => i.State is MachineState.Running),
                Measured = await MemoryProbe.MeasureAsync(instances, cancellation),
            },
            FileWatches = long.TryParse(SystemFile.Read(WatchesFile)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var watches)
                ? watches
                : null,
        };
    }

    private async Task<IReadOnlyList<MachineInstance>> ListAsync(CancellationToken cancellation)
    {
        using var machine = new InstanceMachine(options.ToolsDirectory, options.Workspace);
        return [.. (await machine.ListAsync(cancellation)).Instances.Where(i => !i.IsOrphaned)];
    }
}

/// <summary>Measures the memory that running instances use.</summary>
internal static class MemoryProbe
{
    /// <summary>How many are measured: their average hardly changes with more.</summary>
    private const int MostMeasured = 3;

    /// <summary>The average of some running instances, in bytes; <see langword="null"/> when none is running or can be measured.</summary>
    public static Task<long?> MeasureAsync(IEnumerable<MachineInstance> instances, CancellationToken cancellation)
    {
        var running = instances.Where(i => i is { State: MachineState.Running, Workspace: not null }).Take(MostMeasured).ToList();
        return running.Count == 0 ? Task.FromResult<long?>(null) : Probe.AskAsync<long?>(
            async token =>
            {
                using var docker = new EngineClient();
                var sizes = await Task.WhenAll(running.Select(i => MeasureAsync(i, docker, token)));
                return sizes.Sum() is > 0 and var all ? all / running.Count : null;
            },
            _ => null, cancellation);
    }

    private static async Task<long> MeasureAsync(MachineInstance instance, EngineClient docker, CancellationToken cancellation)
    {
        var processes = MachineMemory.Of(OwnedProcesses.Find(ProcessMarks.OwnerOf(instance.Project, instance.Workspace!)));
        return processes + (instance.Running is > 0 ? await docker.MeasureMemoryAsync(instance.Project, cancellation) : 0);
    }
}

/// <summary>Queries the version of the Docker engine.</summary>
internal static class EngineProbe
{
    public static Task<EngineFact> AskAsync(CancellationToken cancellation) => Probe.AskAsync(
        async token =>
        {
            using var docker = new EngineClient();
            try
            {
                return Describe(await docker.DescribeAsync(token));
            }
            catch (InstanceKitException e) when (IsForbidden(e))
            {
                return new EngineFact(null, e.Message) { IsInstalled = true, IsForbidden = true };
            }
        },
        problem => new EngineFact(null, problem) { IsInstalled = IsInstalled() }, cancellation);

    private static EngineFact Describe(EngineDescription engine) => new(engine.Version, null)
    {
        IsInstalled = true,
        Root = engine.Root,
        FreeStorage = engine.FreeStorage,
        Pools = [.. engine.Pools.Select(p => new AddressPool(p.Range, p.Size))],
        UsedRanges = engine.NetworkRanges,
    };

    private static bool IsForbidden(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException)
                return true;
        }

        return false;
    }

    private static bool IsInstalled()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return ProgramsOnPath.Find("dockerd", path) is not null || ProgramsOnPath.Find("docker", path) is not null;
    }
}

/// <summary>Asks programs on PATH for their versions.</summary>
/// <param name="repositoryRoot">The folder of <c>global.json</c>.</param>
/// <param name="toolsDirectory">The folder of tools that are fetched once.</param>
internal sealed class ProgramProbe(string repositoryRoot, string toolsDirectory)
{
    private const string NotFound = "not found on PATH";

    private static string SearchPath => Environment.GetEnvironmentVariable("PATH") ?? "";

    public Task<ProgramFact> NodeAsync(CancellationToken cancellation) => AskAsync("node", ["--version"], Node.OldestVersion, cancellation);

    public Task<ProgramFact> NpmAsync(CancellationToken cancellation) => AskAsync("npm", ["--version"], null, cancellation);

    public Task<ProgramFact> GitAsync(CancellationToken cancellation) => AskAsync("git", ["--version"], null, cancellation);

    /// <summary>The SDK that <c>dotnet</c> chooses by <c>global.json</c>; it fails where none fits.</summary>
    public async Task<ProgramFact> SdkAsync(CancellationToken cancellation)
    {
        var fact = await AskAsync("dotnet", ["--version"], null, cancellation);
        return fact with { Needed = NeededSdk(), Problem = fact.IsUnanswered || fact.Problem is null or NotFound ? fact.Problem : "no version that satisfies global.json" };
    }

    public Task<ProgramFact> ComposeAsync(CancellationToken cancellation) => ProgramsOnPath.Find("docker", SearchPath) is null
        ? Task.FromResult(new ProgramFact(null, ComposeClient.OldestVersion, "no 'docker' on PATH"))
        : Probe.AskAsync(
            async token => new ProgramFact($"{await new ComposeClient().ReadVersionAsync(token)}", ComposeClient.OldestVersion),
            problem => Unknown(problem, ComposeClient.OldestVersion), cancellation);

    private static ProgramFact Unknown(string problem, Version? oldest) =>
        new(null, oldest, problem) { IsUnanswered = problem == Probe.TimedOut };

    /// <summary>The installed PM2; it is not run, because even printing its version would start its daemon.</summary>
    public string? FindPm2() => new Pm2ProgramProbe(toolsDirectory).Look()?.Version.ToString();

    private Task<ProgramFact> AskAsync(string program, string[] arguments, Version? oldest, CancellationToken cancellation) =>
        ProgramsOnPath.Find(program, SearchPath) is not { } path
            ? Task.FromResult(new ProgramFact(null, oldest, NotFound))
            : Probe.AskAsync(
                async token =>
                {
                    var spec = new ProcessSpec { Program = path, Arguments = arguments, WorkingDirectory = repositoryRoot };
                    var result = await ProcessRunner.RunAsync(spec, cancellation: token);
                    var version = result.Succeeded ? ProgramFact.ParseVersion(result.StandardOutput) : null;
                    return new ProgramFact(version?.ToString(), oldest, version is null ? $"'{spec}' failed" : null);
                },
                problem => Unknown(problem, oldest), cancellation);

    private string? NeededSdk()
    {
        try
        {
            using var document = JsonDocument.Parse(SystemFile.Read(Path.Combine(repositoryRoot, "global.json")) ?? "{}");
            return document.RootElement.TryGetProperty("sdk", out var sdk) && sdk.TryGetProperty("version", out var version)
                ? $"{version.GetString()} or newer (global.json)"
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // dotnet itself reports the error
        }
    }
}
