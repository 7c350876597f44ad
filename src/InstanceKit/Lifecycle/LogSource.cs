using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>A service or app of one instance, whose log can be read.</summary>
internal abstract record LogSource(InstanceSpec Spec, string Name)
{
    /// <summary>The streams of its lines, each with the key as its source: "1/postgres".</summary>
    public abstract IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation);
}

/// <summary>An app: the two files that PM2 writes.</summary>
internal sealed record AppLogSource(InstanceSpec Spec, AppDefinition App) : LogSource(Spec, App.Name)
{
    /// <inheritdoc />
    public override IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation) =>
    [
        new LogFileReader(AppLogs.Out(Spec, App), key, isError: false).ReadAsync(query, cancellation),
        new LogFileReader(AppLogs.Error(Spec, App), key, isError: true).ReadAsync(query, cancellation),
    ];
}

/// <summary>A service: its container's log.</summary>
internal sealed record ContainerLogSource(InstanceSpec Spec, ObservedContainer Container, DockerInspector Docker)
    : LogSource(Spec, Container.Service)
{
    /// <inheritdoc />
    public override IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation) =>
        [new ContainerLogReader(Docker.Client, Container.Id, key).ReadAsync(query, cancellation)];
}
