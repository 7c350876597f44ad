using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>A service of an instance that is to run as a process of this machine.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="Service">The service, from the compose model.</param>
/// <param name="Ports">The instance's ports.</param>
internal sealed record EmbeddedService(InstanceSpec Spec, ComposeService Service, PortPlan Ports)
{
    /// <summary>All services of the stack.</summary>
    public IReadOnlyList<ComposeService> Siblings { get; init; } = [];

    /// <summary>Its PM2 name: <c>shipsec-infra-postgres-1</c>; no app has one like it, as an app's name would be "infra-…".</summary>
    public string ProcessName => Spec.Stack.ProcessNameOf($"infra-{Service.Name}", Spec.Number);

    /// <summary>The prefix of the PM2 names of a stack's services.</summary>
    public static string ProcessPrefixOf(string stack) => $"{stack}-infra-";

    /// <summary>The folder of its data.</summary>
    public string DataFolder => Path.Combine(Spec.Paths.Directory, "data", Service.Name);

    /// <summary>The address it listens on.</summary>
    public string Address => Spec.Stack.BindAddress;

    /// <summary>Itself, as the owner of ports.</summary>
    public PortOwner Owner => new(OwnerKind.Service, Service.Name);

    /// <summary>The image without registry, tag and digest: <c>temporalio/auto-setup</c>; empty for one that is built.</summary>
    public string Image => ImageNameOf(Service);

    /// <summary>The instance's port for a port of the container; <see langword="null"/> where nothing publishes it.</summary>
    public int? PortOf(int targetPort)
    {
        var named = Spec.Stack.Ports.FirstOrDefault(p => p.Owner == Owner && p.TargetPort == targetPort);
        var basePort = Service.Ports.FirstOrDefault(p => p.TargetPort == targetPort && p.Protocol == "tcp")?.BasePort ?? named?.BasePort;
        return Ports.Assignments.FirstOrDefault(a => a.Owner == Owner && a.BasePort == basePort && a.Protocol == "tcp")?.Port;
    }

    /// <summary>A variable of its environment; <see langword="null"/> when it is not set or empty.</summary>
    public string? Variable(string name) =>
        Service.Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The words of its command; a single shell line is split at blanks.</summary>
    public IReadOnlyList<string> CommandWords =>
        [.. (Service.Command ?? []).SelectMany(w => w.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(w => w.Trim('"', '\''))];

    /// <summary>The value of an option of its command, as the next word or after "=".</summary>
    public string? Option(string name)
    {
        var words = CommandWords;
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == name && i + 1 < words.Count)
                return words[i + 1];
            if (words[i].StartsWith(name + "=", StringComparison.Ordinal))
                return words[i][(name.Length + 1)..];
        }

        return null;
    }

    /// <summary>An image without registry, tag and digest.</summary>
    public static string ImageNameOf(ComposeService service)
    {
        var name = (service.Image ?? "").Split('@')[0];
        var last = name.LastIndexOf('/');
        if (name.IndexOf(':', last + 1) is >= 0 and var tag)
            name = name[..tag];
        var first = name.Split('/')[0];

        // A registry differs from a namespace by its dot or port, as in the engine.
        if (name.Contains('/') && (first.Contains('.') || first.Contains(':') || first == "localhost"))
            name = name[(first.Length + 1)..];
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }
}

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
