using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>Asks the Docker engine through its API or its own command line, independent of what is tested.</summary>
internal static class TestEngine
{
    private const string ProjectLabel = "com.docker.compose.project";
    private static readonly Lazy<Task<string?>> Problem = new(FindProblemAsync);
    private static readonly Lazy<Task<string>> Images = new(ReadImagesAsync);
    private static readonly Lazy<Task<EngineSocket>> Socket = new(ConnectAsync);
    private static readonly Lazy<Task<string>> Compose = new(FindComposeAsync);

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
        var socket = await Socket.Value;
        var listed = (await socket.GetAsync($"/containers/json?all=1&filters={Of(project)}"))!.AsArray();
        // What was listed may be gone a moment later.
        var found = await Task.WhenAll(listed.Select(c => socket.GetAsync($"/containers/{c!["Id"]}/json")));
        return [.. found.OfType<JsonNode>().Select(EngineContainer.Read)];
    }

    /// <summary>The volumes of a project.</summary>
    public static async Task<IReadOnlyList<EngineResource>> VolumesAsync(string project)
    {
        var listed = (await (await Socket.Value).GetAsync($"/volumes?filters={Of(project)}"))!["Volumes"]?.AsArray() ?? [];
        return [.. listed.Select(v => new EngineResource((string)v!["Name"]!, (string)v["CreatedAt"]!, EngineContainer.ReadLabels(v["Labels"])))];
    }

    /// <summary>The networks of a project.</summary>
    public static async Task<IReadOnlyList<EngineResource>> NetworksAsync(string project)
    {
        var listed = (await (await Socket.Value).GetAsync($"/networks?filters={Of(project)}"))!.AsArray();
        return [.. listed.Select(n => new EngineResource((string)n!["Name"]!, (string)n["Id"]!, EngineContainer.ReadLabels(n["Labels"])))];
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

    /// <summary>
    /// Runs Compose by its own program, as <c>docker compose</c> does: docker would start it twice each time, first to ask what it is.
    /// </summary>
    public static async Task<ProcessResult> ComposeAsync(ProcessSpec docker) =>
        await ProcessRunner.RunAsync(docker with { Program = await Compose.Value, Arguments = [.. docker.Arguments.Skip(1)] });

    /// <summary>Removes what a project has left, by its label.</summary>
    public static async Task RemoveAsync(string project)
    {
        var socket = await Socket.Value;
        foreach (var container in await ContainersAsync(project))
            await socket.RemoveAsync($"/containers/{container.Id}?force=1&v=1");
        foreach (var network in await NetworksAsync(project))
            await socket.RemoveAsync($"/networks/{network.Identity}");
        foreach (var volume in await VolumesAsync(project))
            await socket.RemoveAsync($"/volumes/{volume.Name}");
    }

    private static string Of(string project) => Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}"]}""");

    private static async Task<EngineSocket> ConnectAsync() => new(await AddressAsync());

    private static async Task<string> AddressAsync() =>
        (await RunAsync("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")).Trim();

    // Known to the client alone: no engine has to answer.
    private static async Task<string> FindComposeAsync() => (await RunAsync(
        "info", "--format", "{{range .ClientInfo.Plugins}}{{if eq .Name \"compose\"}}{{.Path}}{{end}}{{end}}")).Trim();

    private static async Task<string?> FindProblemAsync()
    {
        try
        {
            var engine = await TryAsync("version", "--format", "{{.Server.Version}}");
            if (!engine.Succeeded)
                return $"The Docker engine does not answer: {engine.StandardError.Trim()}";
            var address = await AddressAsync();
            if (!address.StartsWith(EngineSocket.Scheme, StringComparison.Ordinal))
                return $"The Docker engine is at {address}, and these tests need one of this machine, at a socket.";
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
