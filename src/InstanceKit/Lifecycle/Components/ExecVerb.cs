using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Ports;
using InstanceKit.Processes;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Finds how a command is run where a service or app of an instance runs.</summary>
internal sealed class ExecVerb(ManagerContext context)
{
    /// <summary>
    /// In a service's container; for an app in its folder, with its variables; for a service that is a process on this
    /// machine, with the variables by which clients find it.
    /// </summary>
    /// <param name="spec">The instance.</param>
    /// <param name="name">The service or app.</param>
    /// <param name="command">The program and its arguments, at least one word.</param>
    /// <param name="isTerminal">Whether a person's terminal is at both ends, so that a container gets one too.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InstanceKitException">It is not there, or not running, or there is no such program.</exception>
    public async Task<ProcessSpec> PrepareAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation)
    {
        var record = ComponentNames.RequireRecord(spec, context.Options.Next);
        if (ComponentNames.FindApp(spec, name) is { } app)
        {
            var folder = Path.GetFullPath(Path.Combine(context.Workspace, app.Directory));
            return HostCommand.Create(command, folder, AppEnvironment.Of(spec, record.Ports, app));
        }

        return await context.Infra.IsEmbeddedAsync(spec, cancellation)
            ? await OnHostAsync(spec, record, name, command, cancellation)
            : await InContainerAsync(spec, name, command, isTerminal, cancellation);
    }

    private async Task<ProcessSpec> InContainerAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation)
    {
        var containers = await context.Docker.ListAsync(spec.Project, cancellation);
        Ownership.Require(spec, containers, [], context.Leases);
        if (containers.Count == 0)
            throw ComponentNames.NotRunning(spec, context.Options.Next);
        var container = containers.FirstOrDefault(c => c.Service == name);
        return container is { State: ContainerState.Running }
            ? ContainerCommand.Create(context.Docker.Endpoint, container.Id, command, isTerminal)
            : throw ComponentNames.NotRunning(
                spec, context.Options.Next, $"can't run a command in service {name}: {Readiness.OfService(container, context.Clock.GetUtcNow()).Reason}");
    }

    private async Task<ProcessSpec> OnHostAsync(
        InstanceSpec spec, InstanceRecord record, string name, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        if (record.Embedded?.FirstOrDefault(s => s.Service == name) is { Skipped: { } reason })
            throw ComponentNames.NotRunning(spec, context.Options.Next, $"can't run a command for service {name}, which is skipped: it {reason}");
        var environment = await new EnvironmentReader(context).OfComponentAsync(spec, record.Ports, name, cancellation);
        return HostCommand.TryCreate(command, folder: null, environment.Variables)
            ?? EmbeddedClient.TryCreate(spec, name, command, environment.Variables)
            ?? throw HostCommand.NotFound(command[0]);
    }
}
