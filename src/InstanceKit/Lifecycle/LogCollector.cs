namespace InstanceKit.Lifecycle;
internal sealed class LogCollector(ManagerContext context)
{
    public async IAsyncEnumerable<InstanceLogLine> ReadAsync(IReadOnlyList<Instances.InstanceSpec> specs, LogRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    { await Task.Yield(); _ = context; _ = specs; _ = request; cancellation.ThrowIfCancellationRequested(); yield break; }
}
