using InstanceKit.Infra;
using InstanceKit.IntegrationTests.Embedded;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.IntegrationTests.Tenants;

/// <summary>A real server of a test, in a container or as a process, as a shared service is.</summary>
internal sealed class SharedServer : IAsyncDisposable
{
    private readonly Func<ValueTask> _end;

    private SharedServer(TenantServer server, Func<ValueTask> end) => (Server, _end) = (server, end);

    public TenantServer Server { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>In a container of one of the local images.</summary>
    public static async Task<SharedServer> InContainerAsync(
        TenantKind kind, string image, int port, IReadOnlyDictionary<string, string> environment, string? initScript = null,
        IReadOnlyList<string>? command = null)
    {
        await TestEngine.RequireAsync();
        var name = $"instancekit-tenants-{Guid.NewGuid():N}";
        var folder = Directory.CreateTempSubdirectory("ik-tenants-");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)Convert.ToInt32("755", 8)); // the server is another user
        if (initScript is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "init.sql"), initScript, Cancellation);
        await DockerAsync(
        [
            "run", "-d", "--rm", "--name", name, "--label", "instancekit.test=tenants", "-p", $"127.0.0.1::{port}",
            .. initScript is null ? Array.Empty<string>() : ["-v", $"{folder.FullName}:/docker-entrypoint-initdb.d:ro"],
            .. environment.SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" }), image, .. command ?? [],
        ]);
        var published = (await DockerAsync(["port", name, $"{port}/tcp"])).Trim().Split('\n')[0];
        return new SharedServer(
            new TenantServer(
                image, kind, int.Parse(published.Split(':')[^1], null), environment,
                (words, c) => ProcessRunner.RunAsync(new ProcessSpec { Program = "docker", Arguments = ["exec", name, .. words] }, cancellation: c)),
            async () =>
            {
                await DockerAsync(["rm", "-f", "-v", name]);
                folder.Delete(recursive: true);
            });
    }

    /// <summary>As a process that the tool fetches, which has no programs beside it.</summary>
    public static async Task<SharedServer> AsProcessAsync(
        TenantKind kind, string image, int port, IReadOnlyDictionary<string, string> environment, string? initScript = null)
    {
        var instance = await EmbeddedInstance.CreateAsync();
        var folder = Directory.CreateDirectory(Path.Combine(instance.Workspace, "init")).FullName;
        if (initScript is not null)
            await File.WriteAllTextAsync(Path.Combine(folder, "init.sql"), initScript, Cancellation);
        var choice = await instance.ChooseAsync(EmbeddedInstance.Service("shared", image, port, port + 10_000) with // no port of the stack
        {
            Environment = environment.ToDictionary(v => v.Key, v => (string?)v.Value),
            Mounts = initScript is null ? [] : [new ComposeMount("bind", folder, "/docker-entrypoint-initdb.d", IsReadOnly: true)],
        });
        await instance.StartAsync(choice);
        return new SharedServer(
            new TenantServer("shared", kind, choice.Process!.Port, environment, (_, _) => Task.FromResult(new ProcessResult(127, "", "no such program"))),
            async () =>
            {
                await instance.StopAsync(choice);
                AccountData.Remove(instance.Spec.Paths);
                await instance.DisposeAsync();
            });
    }

    public ValueTask DisposeAsync() => _end();

    private static Task<string> DockerAsync(IReadOnlyList<string> arguments) => ProcessRunner.ReadAsync(
        new ProcessSpec { Program = "docker", Arguments = arguments, Timeout = TimeSpan.FromSeconds(60) }, "use a container", cancellation: Cancellation);
}
