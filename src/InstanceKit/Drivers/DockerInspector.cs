using Docker.DotNet;
using Docker.DotNet.Models;
using InstanceKit.Generation;
using InstanceKit.Planning;

namespace InstanceKit.Drivers;

/// <summary>Asks the Docker engine's API, and removes what a project left behind.</summary>
public sealed partial class DockerInspector : IDisposable
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";
    private const string ProjectFolderLabel = "com.docker.compose.project.working_dir";
    private const string OneOffLabel = "com.docker.compose.oneoff";

    private static readonly TimeSpan HealthTestLimit = TimeSpan.FromSeconds(2);

    private readonly Uri _endpoint = EngineEndpoint.Resolve();
    private readonly DockerClientConfiguration _configuration;

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    public DockerInspector()
    {
        _configuration = new DockerClientConfiguration(_endpoint);
        Client = _configuration.CreateClient();
    }

    /// <summary>The connection, for reading logs.</summary>
    public DockerClient Client { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Client.Dispose();
        _configuration.Dispose();
    }

    /// <summary>Makes sure that the engine answers.</summary>
    /// <exception cref="InstanceKitException">It does not.</exception>
    public Task RequireEngineAsync(CancellationToken cancellation) =>
        AskAsync(() => Client.System.PingAsync(cancellation));

    /// <summary>The containers of a project, those of <c>compose run</c> excepted.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<ObservedContainer>> ListAsync(string project, CancellationToken cancellation)
    {
        var listed = await AskAsync(() => Client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = OfProject(project) }, cancellation));
        var containers = await Task.WhenAll(listed
            .Where(c => c.Labels.TryGetValue(OneOffLabel, out var oneOff) is false || oneOff != "True")
            .Select(c => InspectAsync(c.ID, cancellation)));
        return [.. containers.OfType<ObservedContainer>().OrderBy(c => c.Service, StringComparer.Ordinal)];
    }

    /// <summary>Runs a container's own health check in it, once, now.</summary>
    /// <returns>Whether it passed; a check that takes longer than two seconds did not.</returns>
    public async Task<bool> PassesHealthTestAsync(ObservedContainer container, CancellationToken cancellation)
    {
        List<string> command = (container.HealthTest is [var form, ..] ? form : null) switch
        {
            "CMD" => [.. container.HealthTest.Skip(1)],
            "CMD-SHELL" => ["/bin/sh", "-c", .. container.HealthTest.Skip(1)],
            _ => [],
        };
        if (command.Count == 0)
            return false;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HealthTestLimit);
        try
        {
            var exec = await Client.Exec.ExecCreateContainerAsync(
                container.Id,
                new ContainerExecCreateParameters { Cmd = command, AttachStdout = true, AttachStderr = true },
                limit.Token);
            using (var output = await Client.Exec.StartAndAttachContainerExecAsync(exec.ID, false, limit.Token))
                await output.ReadOutputToEndAsync(limit.Token).WaitAsync(limit.Token);
            return await Client.Exec.InspectContainerExecAsync(exec.ID, limit.Token) is { Running: false, ExitCode: 0 };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is OperationCanceledException or DockerApiException or IOException or HttpRequestException)
        {
            // It ended meanwhile, or does not answer: not healthy, and the next observation says more.
            return false;
        }
    }

    /// <summary>The last lines that a container wrote.</summary>
    public async Task<IReadOnlyList<string>> TailAsync(string containerId, int lines, CancellationToken cancellation)
    {
        var reader = new ContainerLogReader(Client, containerId, "");
        var result = new List<string>();
        await foreach (var line in reader.ReadAsync(new LogQuery { Tail = lines }, cancellation))
            result.Add(line.Text);
        return result;
    }

    /// <summary>The running container that publishes a host port, as "postgres (id 0123456789ab)", or <see langword="null"/>.</summary>
    public async Task<(string Id, string Name, string? Project)?> FindPublisherAsync(int port, CancellationToken cancellation)
    {
        var running = await AskAsync(() => Client.Containers.ListContainersAsync(new ContainersListParameters(), cancellation));
        var owner = running.FirstOrDefault(c => c.Ports.Any(p => p.PublicPort == port));
        return owner is null
            ? null
            : (owner.ID[..12], owner.Names[0].TrimStart('/'), owner.Labels.TryGetValue(ProjectLabel, out var p) ? p : null);
    }

    /// <summary>The names of the networks that carry the project's label.</summary>
    public async Task<IReadOnlyList<string>> NetworksAsync(string project, CancellationToken cancellation)
    {
        var networks = await AskAsync(() => Client.Networks.ListNetworksAsync(
            new NetworksListParameters { Filters = OfProject(project) }, cancellation));
        return [.. networks.Select(n => n.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of the volumes that carry the project's label.</summary>
    public async Task<IReadOnlyList<string>> VolumesAsync(string project, CancellationToken cancellation)
    {
        var volumes = await AskAsync(() => Client.Volumes.ListAsync(
            new VolumesListParameters { Filters = OfProject(project) }, cancellation));
        return [.. (volumes.Volumes ?? []).Select(v => v.Name).Order(StringComparer.Ordinal)];
    }

    private async Task<ObservedContainer?> InspectAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return Describe(await Client.Containers.InspectContainerAsync(id, cancellation));
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    private static ObservedContainer Describe(ContainerInspectResponse container) => new()
    {
        Id = container.ID,
        Name = container.Name.TrimStart('/'),
        Service = container.Config.Labels[ServiceLabel],
        State = Enum.TryParse<Planning.ContainerState>(container.State.Status, true, out var state)
            ? state
            : Planning.ContainerState.Dead,
        Health = Enum.TryParse<ContainerHealth>(container.State.Health?.Status, true, out var health) ? health : ContainerHealth.None,
        HealthTest = [.. container.Config.Healthcheck?.Test ?? []],
        ExitCode = container.State.ExitCode,
        Error = string.IsNullOrEmpty(container.State.Error) ? null : container.State.Error,
        RestartCount = container.RestartCount,
        StartedAt = DateTimeOffset.TryParse(container.State.StartedAt, out var start) && start.Year > 1 ? start : null,
        StaysEnded = container.HostConfig.RestartPolicy?.Name is not (RestartPolicyKind.Always or RestartPolicyKind.UnlessStopped),
        Workspace = container.Config.Labels.TryGetValue(InstanceLabels.Workspace, out var path)
            || container.Config.Labels.TryGetValue(ProjectFolderLabel, out path) ? path : null,
    };

    private static Dictionary<string, IDictionary<string, bool>> OfProject(string project) =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{ProjectLabel}={project}"] = true } };

    private Task AskAsync(Func<Task> question) => AskAsync(async () =>
    {
        await question();
        return true;
    });

    private async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or DockerApiException
            or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"The Docker engine at {_endpoint} does not answer: {e.Message.TrimEnd('.')}.",
                "Start Docker (systemctl start docker, or Docker Desktop), or set DOCKER_HOST to where it runs.", e);
        }
    }
}
