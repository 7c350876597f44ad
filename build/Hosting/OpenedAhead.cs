namespace Hosting;

/// <summary>
/// What every run needs soon and takes long to open, in a process that has just begun: opened on another thread while the
/// build class is read.
/// </summary>
internal sealed class OpenedAhead
{
    private readonly Task<string?> _root = Task.Run(RootFolder.Find);
    private readonly Task<ParameterFile?> _defaults;
    private readonly Task _streams = Task.Run(() => BuildStreams.Data);

    /// <summary>Begins.</summary>
    public OpenedAhead() => _defaults = LoadAsync();

    /// <summary>The file of defaults below a root folder.</summary>
    /// <exception cref="InstanceKit.InstanceKitException">It is not a JSON object.</exception>
    public ParameterFile DefaultsOf(string root) =>
        (root == _root.GetAwaiter().GetResult() ? _defaults.GetAwaiter().GetResult() : null) ?? ParameterFile.Load(root);

    /// <summary>Makes sure that the streams are open.</summary>
    public void RequireStreams() => _streams.GetAwaiter().GetResult();

    private async Task<ParameterFile?> LoadAsync() => await _root is { } root ? ParameterFile.Load(root) : null;
}
