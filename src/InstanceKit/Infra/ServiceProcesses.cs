using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Infra;

/// <summary>Finds the processes of an instance's services under PM2.</summary>
internal sealed class ServiceProcesses(Pm2Access pm2)
{
    /// <summary>Which processes are the instance's services: as recorded, or, should the record be lost, by their mark and name.</summary>
    public static Func<Pm2Process, bool> IsService(InstanceSpec spec)
    {
        var names = Recorded(spec).Select(s => s.ProcessName).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return p => names.Contains(p.Name)
            || (p.Owner == spec.OwnerMarker && p.Name.StartsWith(EmbeddedService.ProcessPrefixOf(spec.Stack.Name), StringComparison.Ordinal)
                && spec.Stack.Apps.All(a => spec.ProcessNameOf(a) != p.Name));
    }

    /// <summary>The processes of the services, as PM2 lists them.</summary>
    public async Task<IReadOnlyList<ObservedProcess>> ListAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var listed = await pm2.ListAsync(spec, cancellation);
        return new ProcessSnapshot(listed).Describe(IsService(spec), Measure.Nothing);
    }

    /// <summary>The processes that have the names of chosen services.</summary>
    public async Task<IReadOnlyList<ObservedProcess>> ListAsync(
        InstanceSpec spec, IReadOnlyList<EmbeddedChoice> choices, CancellationToken cancellation)
    {
        var names = choices.Where(c => c.Process is not null).Select(c => c.Service.ProcessName).ToHashSet(StringComparer.Ordinal);
        return new ProcessSnapshot(await pm2.ListAsync(spec, cancellation)).Describe(p => names.Contains(p.Name), Measure.Nothing);
    }

    /// <summary>The services that the record names.</summary>
    public static IReadOnlyList<RecordedService> Recorded(InstanceSpec spec) =>
        InstanceStore.ReadRecord(spec.Paths)?.Embedded ?? [];
}
