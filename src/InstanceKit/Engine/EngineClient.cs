using Docker.DotNet;
using Docker.DotNet.Models;
using Docker.DotNet.NativeHttp;
using InstanceKit.Logs;

namespace InstanceKit.Engine;

/// <summary>Queries the Docker engine's API, and removes what a project left behind.</summary>
public sealed partial class EngineClient : IDisposable
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";

    /// <summary>From how many on containers are described side by side, which threads must be started for.</summary>
    private const int ManyContainers = 24;

    private static readonly Uri AnyHost = new("http://docker");
    private static readonly TimeSpan SizesLimit = TimeSpan.FromSeconds(20);

    // A slow request is followed by a ping, which a working engine always answers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ChangeLimit = TimeSpan.FromMinutes(15); // a container may take long to stop

    private readonly EngineEndpoint _endpoint;
    private readonly TimeProvider _clock;
    private readonly Lazy<DockerClient> _client;

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    /// <exception cref="InstanceKitException">The engine's address, context or certificates are wrong.</exception>
    public EngineClient() : this(EngineEndpoint.Resolve(), TimeProvider.System)
    {
    }

    /// <summary>The same for a given engine.</summary>
    /// <param name="clock">Measures how long it takes to answer.</param>
    internal EngineClient(EngineEndpoint endpoint, TimeProvider clock) =>
        (_endpoint, _clock, _client) = (endpoint, clock, new Lazy<DockerClient>(CreateClient));

    /// <summary>Where the engine answers.</summary>
    public EngineEndpoint Endpoint => _endpoint;

    /// <summary>The client library, for changes and logs: loading it takes longer than most queries.</summary>
    public DockerClient Client => _client.Value;

    // Connects as every other call does, so that pipes, TLS and proxies are the business of one class.
    private DockerClient CreateClient() => new DockerClientBuilder()
        .WithEndpoint(AnyHost)
        .WithTransportOptions(new NativeHttpTransportOptions
        {
            ConfigureHandler = handler =>
            {
                handler.UseProxy = false;
                handler.ConnectCallback = async (_, cancellation) =>
                    await Task.Run(() => EngineSocketClient.Open(_endpoint, cancellation), cancellation);
            },
        })
        .Build();

    /// <inheritdoc />
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            Client.Dispose();
        }
    }

    /// <summary>Makes sure that the engine answers.</summary>
    /// <exception cref="InstanceKitException">It does not.</exception>
    public async Task RequireEngineAsync(CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(PingLimit, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            await Task.Run(() => Ping(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw EngineFailure.Silent(_endpoint, PingLimit);
        }
        catch (Exception e) when (EngineFailure.IsOfEngine(e))
        {
            throw EngineFailure.Of(_endpoint, e);
        }
    }

    /// <summary>Starts to listen to events of the containers of a project.</summary>
    internal EngineEvents Listen(string project) => new(_endpoint, $"{ProjectLabel}={project}");

    /// <summary>Starts to listen to events of the containers of all instances.</summary>
    internal EngineEvents ListenToInstances() => new(_endpoint, InstanceLabels.Instance);

    /// <summary>The containers of a project, except those of <c>compose run</c>.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<ObservedContainer>> ListAsync(string project, CancellationToken cancellation) =>
        (await ListAsync([project], cancellation))[project];

    /// <summary>The same for several projects, queried concurrently.</summary>
    /// <returns>The containers of each of the projects.</returns>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ListAsync(
        IReadOnlyCollection<string> projects, CancellationToken cancellation) =>
        ReadAsync(engine => List(engine, projects, _ => true, cancellation), cancellation);

    /// <summary>
    /// The containers of a project whose services are being started. The engine does not return details of a container before its
    /// start has finished: for a created one, this returns what the list contains, its id, name, service and state.
    /// </summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    internal async Task<IReadOnlyList<ObservedContainer>> ListStartingAsync(string project, CancellationToken cancellation) =>
        (await ReadAsync(engine => List(engine, [project], c => c.State != ContainerState.Created, cancellation), cancellation))[project];

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
        var running = await AskAsync(
            limit => Client.Containers.ListContainersAsync(new ContainersListParameters(), limit), AnswerLimit, cancellation);
        var owner = running.FirstOrDefault(c => c.Ports.Any(p => p.PublicPort == port));
        return owner is null
            ? null
            : (owner.ID[..12], owner.Names[0].TrimStart('/'), owner.Labels.TryGetValue(ProjectLabel, out var p) ? p : null);
    }

    /// <summary>All networks and volumes of the engine.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<EngineResource>> ResourcesAsync(CancellationToken cancellation)
    {
        var networks = ReadAsync(engine => ContainerReader.Resources("network", engine.Get("/networks")), cancellation);
        var volumes = ReadAsync(engine => ContainerReader.Resources("volume", engine.Get("/volumes")), cancellation);
        return [.. (await Task.WhenAll(networks, volumes)).SelectMany(r => r)];
    }

    /// <summary>The sizes of volumes in bytes, by name; empty when the engine does not measure them in time.</summary>
    public async Task<IReadOnlyDictionary<string, long>> VolumeSizesAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(SizesLimit);
        try
        {
            return await ReadAsync(engine => ContainerReader.VolumeSizes(engine.Get("/system/df")), limit.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is InstanceKitException or OperationCanceledException)
        {
            return new Dictionary<string, long>(); // only its size is unknown
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>> List(
        EngineHttpClient engine, IReadOnlyCollection<string> projects, Func<ObservedContainer, bool> isDescribed,
        CancellationToken cancellation)
    {
        // A label filter can't match one of several values, so the containers of all projects are listed.
        var filter = projects.Count == 1 ? OfProjectOnly(projects.First()) : OfAnyProject;
        var listed = ContainerReader.List(engine.Get($"/containers/json?all=1&filters={filter}"))
            .Where(c => projects.Contains(c.Project)).ToList();
        var described = new ObservedContainer?[listed.Count];
        if (listed.Count < ManyContainers)
        {
            for (var i = 0; i < listed.Count; i++)
                Describe(i);
        }
        else
        {
            Parallel.ForAsync(0, listed.Count, (i, _) =>
            {
                Describe(i);
                return ValueTask.CompletedTask;
            }).GetAwaiter().GetResult();
        }

        var found = listed.Select((c, i) => (c.Project, Container: described[i])).ToLookup(c => c.Project, c => c.Container);
        return projects.ToDictionary(
            p => p,
            IReadOnlyList<ObservedContainer> (p) => [.. found[p].OfType<ObservedContainer>().OrderBy(c => c.Service, StringComparer.Ordinal)],
            StringComparer.Ordinal);

        void Describe(int index)
        {
            cancellation.ThrowIfCancellationRequested();
            var container = listed[index].Container;
            // One that has been removed meanwhile is omitted.
            described[index] = !isDescribed(container) ? container
                : engine.Get($"/containers/{container.Id}/json") is { } answer ? WithImage(ContainerReader.Describe(answer), container.HasOldImage)
                : null;
        }
    }

    /// <summary>What was created from an id or a digest has no name that could have moved.</summary>
    private static ObservedContainer WithImage(ObservedContainer container, bool hasOldImage) => container with
    {
        HasOldImage = hasOldImage && !container.Image.StartsWith("sha256:", StringComparison.Ordinal) && !container.Image.Contains('@'),
    };

    /// <summary>Queries with the light client, on its own thread.</summary>
    private Task<T> ReadAsync<T>(Func<EngineHttpClient, T> question, CancellationToken cancellation) => AskAsync(
        limit => Task.FromResult(question(new EngineHttpClient(_endpoint, limit))), AnswerLimit, cancellation);

    private void Ping(CancellationToken limit)
    {
        if (new EngineHttpClient(_endpoint, limit).Get("/_ping") is not { } answer || !answer.AsSpan().StartsWith("OK"u8))
            throw new InvalidDataException("its response to a ping is not OK");
    }

    private static string OfAnyProject => Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}"]}""");

    private static string OfProjectOnly(string project) =>
        Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}"]}""");

    private static Dictionary<string, IDictionary<string, bool>> OfProject(string project) =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{ProjectLabel}={project}"] = true } };

    /// <summary>Sends a request, and waits for the response as long as the engine is responsive; abandoned when cancelled.</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question, TimeSpan answerLimit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(answerLimit, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            var token = limit.Token;
            var answer = Task.Run(() => question(token), token);
            while (await Task.WhenAny(answer, Task.Delay(Patience, _clock, token)) != answer)
            {
                token.ThrowIfCancellationRequested();
                await RequireEngineAsync(token);
            }

            return await answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw EngineFailure.Silent(_endpoint, answerLimit);
        }
        catch (Exception e) when (EngineFailure.IsOfEngine(e))
        {
            throw EngineFailure.Of(_endpoint, e);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    private Task AskAsync(Func<CancellationToken, Task> change, CancellationToken cancellation) => AskAsync(
        async limit =>
        {
            await change(limit);
            return true;
        },
        ChangeLimit, cancellation);
}
