using System.Collections.Concurrent;
using InstanceKit.Drivers;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Knows of each instance whether its services are containers or processes.</summary>
internal sealed class Infrastructure(ManagerContext context)
{
    private readonly ConcurrentDictionary<int, bool> _chosen = new();

    /// <summary>Whether the services are processes: as chosen by this command, or else as recorded.</summary>
    public bool IsEmbedded(InstanceSpec spec) =>
        _chosen.TryGetValue(spec.Number, out var chosen) ? chosen : InstanceDirectory.ReadRecord(spec.Paths)?.Embedded is not null;

    /// <summary>Chooses for an instance that is brought up.</summary>
    /// <returns>Whether its services are processes.</returns>
    /// <exception cref="InstanceKitException">Compose is wanted and no engine answers, or the other kind still runs.</exception>
    public async Task<bool> ChooseAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        var record = InstanceDirectory.ReadRecord(spec.Paths);
        var isEmbedded = context.Options.Infra switch
        {
            InfraMode.Embedded => true,
            InfraMode.Compose => false,
            _ when record?.Embedded is not null => true,
            _ when record?.AppliedModel is not null => false,
            _ => await IsEngineMissingAsync(progress, cancellation),
        };
        if (!isEmbedded)
            await context.Docker.RequireEngineAsync(cancellation);
        await RefuseSwitchAsync(spec, record, isEmbedded, cancellation);
        _chosen[spec.Number] = isEmbedded;
        return isEmbedded;
    }

    private async Task<bool> IsEngineMissingAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        try
        {
            await context.Docker.RequireEngineAsync(cancellation);
            return false;
        }
        catch (InstanceKitException e)
        {
            progress.Note("infra", $"{e.Message} Embedded infrastructure is used; --infra compose insists.");
            return true;
        }
    }

    // Both kinds would want the same ports, and each has data of its own.
    private async Task RefuseSwitchAsync(
        InstanceSpec spec, InstanceRecord? record, bool isEmbedded, CancellationToken cancellation)
    {
        if (record?.AppliedModel is null || record.Embedded is not null == isEmbedded)
            return;
        var running = record.Embedded is not null
            ? (await new EmbeddedServices(context).ProcessesAsync(spec, cancellation)).Select(p => p.Name)
            : await ContainersAsync(spec, cancellation);
        if (running.Any())
        {
            throw InstanceKitException.Usage(
                $"Instance {spec.Number} runs with {(isEmbedded ? "containers" : "embedded services")}: {string.Join(", ", running)}.",
                $"Take it down first (its data stays): ./build.sh Down --instance {spec.Number}");
        }
    }

    private async Task<IEnumerable<string>> ContainersAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        try
        {
            return (await context.Docker.ListAsync(spec.Project, cancellation)).Select(c => c.Name);
        }
        catch (InstanceKitException)
        {
            return []; // without an engine nothing of it runs
        }
    }
}
