using System.Collections;
using System.Text.Json.Nodes;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Observing;
using InstanceKit.Platform;

namespace InstanceKit.Verbs;

/// <summary>Finds how a command is run where a service or app of an instance runs.</summary>
internal sealed class ExecVerb(
    ManagerOptions options, Lazy<EngineClient> engine, Infrastructure infra, LeaseKeeper leases, EnvironmentReader environments, TimeProvider clock)
{
    /// <summary>
    /// In a service's container; for an app in its folder, with its variables; for a service that is a process on this
    /// machine, with the variables that clients use to find it.
    /// </summary>
    /// <param name="name">The service or app.</param>
    /// <param name="command">The program and its arguments, at least one word.</param>
    /// <param name="isTerminal">Whether input and output are a terminal, so that a container gets one too.</param>
    /// <exception cref="InstanceKitException">It does not exist, is not running, or the program was not found.</exception>
    public async Task<ProcessSpec> PrepareAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation)
    {
        var record = ComponentNames.RequireRecord(spec, options.Next);
        if (ComponentNames.FindApp(spec, name) is { } app)
        {
            var folder = Path.GetFullPath(Path.Combine(spec.Workspace, app.Directory));
            return HostCommand.Create(command, folder, AppEnvironment.Of(spec, record.Ports, app));
        }

        return await infra.IsEmbeddedAsync(spec, cancellation)
            ? await OnHostAsync(spec, record, name, command, cancellation)
            : await InContainerAsync(spec, name, command, isTerminal, cancellation);
    }

    private async Task<ProcessSpec> InContainerAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation)
    {
        var containers = await engine.Value.ListAsync(spec.Project, cancellation);
        Ownership.Require(spec, containers, [], leases);
        if (containers.Count == 0)
            throw ComponentNames.NotRunning(spec, options.Next);
        var container = containers.FirstOrDefault(c => c.Service == name);
        return container is { State: ContainerState.Running }
            ? ContainerCommand.Create(engine.Value.Endpoint, container.Id, command, isTerminal)
            : throw ComponentNames.NotRunning(
                spec, options.Next, $"can't run a command in service {name}: {Readiness.OfService(container, clock.GetUtcNow()).Reason}");
    }

    private async Task<ProcessSpec> OnHostAsync(
        InstanceSpec spec, InstanceRecord record, string name, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        if (record.Embedded?.FirstOrDefault(s => s.Service == name) is { Skipped: { } reason })
            throw ComponentNames.NotRunning(spec, options.Next, $"can't run a command for service {name}, which is skipped because it {reason}");
        var environment = await environments.OfComponentAsync(spec, record.Ports, name, cancellation);
        return HostCommand.TryCreate(command, folder: null, environment.Variables)
            ?? EmbeddedClient.TryCreate(spec, name, command, environment.Variables)
            ?? throw HostCommand.NotFound(command[0]);
    }
}

/// <summary>A command in a container, by Docker's own program: it hands standard input, a terminal and its size through.</summary>
internal static class ContainerCommand
{
    /// <summary>The process to run.</summary>
    /// <param name="engine">The engine that has the container.</param>
    /// <param name="container">The container's id.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="isTerminal">Whether the container gets a terminal.</param>
    public static ProcessSpec Create(EngineEndpoint engine, string container, IReadOnlyList<string> command, bool isTerminal) => new()
    {
        Program = "docker",
        Arguments = ["exec", "--interactive", .. isTerminal ? ["--tty"] : Array.Empty<string>(), container, .. command],
        Environment = engine.Variables,
        InstallHint = $"Exec uses the docker CLI to run commands in containers. {InstallHints.For(Installable.Engine, CurrentSystem.Value)}",
    };
}

/// <summary>The small <c>psql</c> of the downloaded PostgreSQL, for machines without the real one.</summary>
internal static class EmbeddedClient
{
    private const string Psql = "psql";

    /// <summary>The process to run; <see langword="null"/> where the command is another one, or nothing was fetched.</summary>
    public static ProcessSpec? TryCreate(
        InstanceSpec spec, string service, IReadOnlyList<string> command, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        if (command[0] != Psql || Entry(spec, service) is not { } entry)
            return null;
        var settings = (string?)entry["env"]?[EmbeddedEntry.SettingsVariable];
        if (settings is null || (string?)JsonNode.Parse(settings)?["package"] is not { } package)
            return null;
        var client = Path.Combine(Path.GetDirectoryName((string)entry["script"]!)!, "psql.cjs");
        return HostCommand.TryCreate(
            ["node", client, .. command.Skip(1)], folder: null, [.. variables, KeyValuePair.Create("INSTANCEKIT_PG_PACKAGE", package)]);
    }

    private static JsonNode? Entry(InstanceSpec spec, string service)
    {
        var process = InstanceStore.ReadRecord(spec.Paths)?.Embedded?.FirstOrDefault(s => s.Service == service)?.ProcessName;
        return process is not null && FileStore.ReadText(EmbeddedServices.EcosystemOf(spec)) is { } text
            ? JsonNode.Parse(text)?["apps"]?.AsArray().FirstOrDefault(a => (string?)a?["name"] == process)
            : null;
    }
}

/// <summary>A command on this machine, with the variables of an instance and none that belong to another one.</summary>
internal static class HostCommand
{
    /// <summary>The process to run.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">Its working directory; <see langword="null"/> for the current one.</param>
    /// <param name="variables">What is set for it.</param>
    /// <exception cref="InstanceKitException">There is no such program.</exception>
    public static ProcessSpec Create(
        IReadOnlyList<string> command, string folder, IReadOnlyList<KeyValuePair<string, string>> variables) =>
        TryCreate(command, folder, variables) ?? throw NotFound(command[0]);

    /// <summary>The same; <see langword="null"/> where there is no such program.</summary>
    public static ProcessSpec? TryCreate(
        IReadOnlyList<string> command, string? folder, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var ambient = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));
        var environment = new Dictionary<string, string?>(AmbientEnvironment.Scrub(ambient), StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return Find(command[0], folder ?? Directory.GetCurrentDirectory(), environment) is not { } program ? null : new ProcessSpec
        {
            Program = program,
            Arguments = [.. command.Skip(1)],
            WorkingDirectory = folder,
            Environment = environment,
        };
    }

    /// <summary>The error on a program that is not there; its exit code is a shell's.</summary>
    public static InstanceKitException NotFound(string program) => new(
        ExitCode.CommandNotFound, $"Command '{program}' not found.",
        "To run a shell builtin, use a shell: -- sh -c '...'.");

    /// <summary>As a shell finds it; the system would also search the directory of this program and the current directory.</summary>
    private static string? Find(string name, string folder, Dictionary<string, string?> environment)
    {
        if (!name.Contains('/') && !name.Contains(Path.DirectorySeparatorChar))
            return ProgramsOnPath.Find(name, environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "");
        var path = Path.GetFullPath(name, folder);
        return File.Exists(path) ? path : null;
    }
}
