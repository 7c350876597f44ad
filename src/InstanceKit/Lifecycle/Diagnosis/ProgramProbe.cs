using System.Text.Json;
using InstanceKit.Drivers;
using InstanceKit.Processes;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

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
        return fact with { Needed = NeededSdk(), Problem = fact.IsUnanswered || fact.Problem is null or NotFound ? fact.Problem : "none that fits global.json" };
    }

    public Task<ProgramFact> ComposeAsync(CancellationToken cancellation) => ProgramsOnPath.Find("docker", SearchPath) is null
        ? Task.FromResult(new ProgramFact(null, ComposeDriver.OldestVersion, "no 'docker' on PATH"))
        : Probe.AskAsync(
            async token => new ProgramFact($"{await new ComposeDriver().ReadVersionAsync(token)}", ComposeDriver.OldestVersion),
            problem => Unknown(problem, ComposeDriver.OldestVersion), cancellation);

    private static ProgramFact Unknown(string problem, Version? oldest) =>
        new(null, oldest, problem) { IsUnanswered = problem == Probe.TimedOut };

    /// <summary>The PM2 that is there; nothing is run, since even asking for its version would start its daemon.</summary>
    public string? FindPm2() => new Pm2Locator(toolsDirectory).Look()?.Version.ToString();

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
                ? $"{version.GetString()} or newer, by global.json"
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // dotnet itself says what is wrong with it
        }
    }
}
