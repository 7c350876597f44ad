using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Processes;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>Asks the Docker engine through its own command line, independent of what is tested.</summary>
internal static class Engine
{
    private const string ProjectLabel = "com.docker.compose.project";
    private static readonly Lazy<Task<string?>> Problem = new(FindProblemAsync);
    private static readonly Lazy<Task<string>> Images = new(ReadImagesAsync);

    /// <summary>Skips the test where there is no engine with the local images, or fails it where that was promised.</summary>
    public static async Task RequireAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests run build.sh and send Unix signals.");
        if (await Problem.Value is not { } problem)
            return;
        if (Requires.IsStrict)
            Assert.Fail(problem);
        Assert.Skip(problem);
    }

    /// <summary>The lines of a <c>.env</c> that select the local images.</summary>
    public static Task<string> ImageVariablesAsync() => Images.Value;

    /// <summary>The containers of a project, of every state.</summary>
    public static async Task<IReadOnlyList<EngineContainer>> ContainersAsync(string project)
    {
        var ids = await LinesAsync("ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={ProjectLabel}={project}");
        return ids.Count == 0 ? [] : [.. (await InspectAsync("container", ids)).Select(c => EngineContainer.Read(c!))];
    }

    /// <summary>The volumes of a project.</summary>
    public static async Task<IReadOnlyList<EngineResource>> VolumesAsync(string project)
    {
        var names = await LinesAsync("volume", "ls", "--quiet", "--filter", $"label={ProjectLabel}={project}");
        return names.Count == 0 ? [] : [.. (await InspectAsync("volume", names)).Select(v => new EngineResource(
            (string)v!["Name"]!, (string)v["CreatedAt"]!, EngineContainer.ReadLabels(v["Labels"])))];
    }

    /// <summary>The networks of a project.</summary>
    public static async Task<IReadOnlyList<EngineResource>> NetworksAsync(string project)
    {
        var ids = await LinesAsync("network", "ls", "--quiet", "--no-trunc", "--filter", $"label={ProjectLabel}={project}");
        return ids.Count == 0 ? [] : [.. (await InspectAsync("network", ids)).Select(n => new EngineResource(
            (string)n!["Name"]!, (string)n["Id"]!, EngineContainer.ReadLabels(n["Labels"])))];
    }

    /// <summary>Runs a command of docker and returns what it prints; fails the test when it fails.</summary>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var result = await TryAsync(arguments);
        Assert.True(result.Succeeded, $"docker {string.Join(' ', arguments)}: {result.StandardError}");
        return result.StandardOutput;
    }

    /// <summary>Runs a command of docker, whatever comes of it.</summary>
    public static Task<ProcessResult> TryAsync(params IEnumerable<string> arguments) => ProcessRunner.RunAsync(
        new ProcessSpec { Program = "docker", Arguments = [.. arguments], Timeout = TimeSpan.FromSeconds(60) });

    /// <summary>Removes what a project has left, by its label.</summary>
    public static async Task RemoveAsync(string project)
    {
        foreach (var container in await ContainersAsync(project))
            await TryAsync("rm", "--force", "--volumes", container.Id);
        foreach (var network in await NetworksAsync(project))
            await TryAsync("network", "rm", network.Identity);
        foreach (var volume in await VolumesAsync(project))
            await TryAsync("volume", "rm", volume.Name);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(params IEnumerable<string> arguments) =>
        (await RunAsync(arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // What was listed may be gone a moment later: docker prints what it finds, and fails.
    private static async Task<JsonArray> InspectAsync(string kind, IEnumerable<string> names) =>
        JsonNode.Parse((await TryAsync([kind, "inspect", .. names])).StandardOutput)!.AsArray();

    private static async Task<string?> FindProblemAsync()
    {
        try
        {
            var engine = await TryAsync("version", "--format", "{{.Server.Version}}");
            if (!engine.Succeeded)
                return $"The Docker engine does not answer: {engine.StandardError.Trim()}";
            var image = (await ImageVariablesAsync()).Split('\n')[0].Split('=')[1];
            return (await TryAsync("image", "inspect", "--format", "{{.Id}}", image)).Succeeded
                ? null
                : $"There is no image {image}; make the test images first: samples/images/make-images";
        }
        catch (InstanceKitException e)
        {
            return e.Message;
        }
    }

    private static async Task<string> ReadImagesAsync() => await ProcessRunner.ReadAsync(
        new ProcessSpec { Program = "bash", Arguments = [Repository.PathOf("samples", "images", "make-images"), "--print-env"] },
        "read the names of the test images");
}
