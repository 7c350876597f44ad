using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>What every verb works with.</summary>
internal sealed class ManagerContext(ManagerOptions options, string workspace, StackDefinition stack) : IDisposable
{
    private readonly Lazy<DockerInspector> _docker = new(() => new DockerInspector());

    public ManagerOptions Options { get; } = options;

    public string Workspace { get; } = workspace;

    public StackDefinition Stack { get; } = stack;

    public InstanceDirectory Directory { get; } = new(workspace);

    public ComposeDriver Compose => Models.Driver;

    public ComposeModels Models { get; } = new(new ComposeModelCache(workspace), isReadOnly: options.DryRun);

    public IReadOnlyList<INeighbours> Neighbours { get; } = [new RecordedNeighbours(new(workspace))];

    public Pm2Access Pm2 { get; } = new(options.ToolsDirectory);

    public DockerInspector Docker => _docker.Value;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public InstanceSpec Spec(int number) => new(Stack, Workspace, number);

    /// <summary>Serialises what commands of this workspace change together; waits until it is this one's turn.</summary>
    public Task<FileLock> TakeTurnAsync(string name, Action? onWait, CancellationToken cancellation)
    {
        var folder = System.IO.Path.GetDirectoryName(Spec(0).Paths.Lock)!;
        System.IO.Directory.CreateDirectory(folder);
        return FileLock.TakeAsync(System.IO.Path.Combine(folder, $"{name}.lock"), onWait, cancellation);
    }

    public void Dispose()
    {
        Pm2.Dispose();
        if (_docker.IsValueCreated)
            _docker.Value.Dispose();
    }
}
