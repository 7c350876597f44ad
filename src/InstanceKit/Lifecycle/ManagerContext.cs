using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>What every verb works with.</summary>
internal sealed class ManagerContext(ManagerOptions options, string workspace, StackDefinition stack) : IDisposable
{
    private readonly Lazy<DockerInspector> _docker = new(() => new DockerInspector());

    private readonly SemaphoreSlim _pm2Turn = new(1);
    private Pm2Driver? _pm2;

    public ManagerOptions Options { get; } = options;

    public string Workspace { get; } = workspace;

    public StackDefinition Stack { get; } = stack;

    public InstanceDirectory Directory { get; } = new(workspace);

    public ComposeDriver Compose { get; } = new();

    public DockerInspector Docker => _docker.Value;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public InstanceSpec Spec(int number) => new(Stack, Workspace, number);

    /// <summary>PM2, looked for or fetched when it is first needed.</summary>
    public async Task<Pm2Driver> Pm2Async(Action<string> onProgress, CancellationToken cancellation)
    {
        await _pm2Turn.WaitAsync(cancellation);
        try
        {
            return _pm2 ??= new Pm2Driver(await new Pm2Locator(Options.ToolsDirectory, onProgress).FindAsync(cancellation));
        }
        finally
        {
            _pm2Turn.Release();
        }
    }

    /// <summary>Serialises what commands of this workspace change together; waits until it is this one's turn.</summary>
    public Task<FileLock> TakeTurnAsync(string name, Action? onWait, CancellationToken cancellation)
    {
        var folder = System.IO.Path.GetDirectoryName(Spec(0).Paths.Lock)!;
        System.IO.Directory.CreateDirectory(folder);
        return FileLock.TakeAsync(System.IO.Path.Combine(folder, $"{name}.lock"), onWait, cancellation);
    }

    public void Dispose()
    {
        _pm2Turn.Dispose();
        if (_docker.IsValueCreated)
            _docker.Value.Dispose();
    }
}
