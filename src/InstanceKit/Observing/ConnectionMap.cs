using System.Net;
using InstanceKit.Engine;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>Maps both ends of each connection of an instance to who owns them. Pure.</summary>
/// <param name="facts">What was read on this machine.</param>
internal sealed class ConnectionMap(ConnectionFacts facts)
{
    private readonly Dictionary<(IPEndPoint Local, IPEndPoint Remote), KernelSocket> _connected = facts.Host.Sockets
        .Where(s => s.Remote is not null).DistinctBy(s => (s.Local, s.Remote)).ToDictionary(s => (s.Local, s.Remote!));

    private readonly ILookup<int, KernelSocket> _listeners = facts.Host.Sockets.Where(s => s.Remote is null).ToLookup(s => s.Port);

    private readonly HashSet<IPAddress> _gateways = [.. (facts.Containers ?? []).SelectMany(c => c.Gateways)];
    private readonly Dictionary<IPAddress, ReachableContainer> _byAddress = (facts.Containers ?? [])
        .SelectMany(c => c.Addresses, (c, address) => (c, address)).DistinctBy(c => c.address).ToDictionary(c => c.address, c => c.c);

    /// <summary>The connections of an instance, without those that a service or app has with itself.</summary>
    /// <param name="project">The instance's Compose project.</param>
    public IReadOnlyList<ConnectionLink> Of(string project)
    {
        var links = new Dictionary<(IPEndPoint, IPEndPoint), ConnectionLink>();
        foreach (var socket in facts.Host.Sockets)
        {
            if (socket.Remote is not null && facts.PartyOf(facts.Host.HolderOf(socket)) is { } holder && holder.Project == project)
                Add(OnHost(socket, holder));
        }

        // One that uses the network of another has the same table: its sockets count as those of the owner of the network.
        foreach (var container in (facts.Containers ?? []).Where(c => c.Project == project).OrderBy(c => c.NetworkMode.Contains(':')))
        {
            foreach (var socket in facts.Tables.GetValueOrDefault(container.Id)?.Sockets ?? [])
            {
                if (socket.Remote is { } remote && !IPAddress.IsLoopback(remote.Address))
                    Add(InContainer(socket, container));
            }
        }

        return [.. links.Values];

        // Both ends of a connection within the instance may have been read, or one in two tables.
        void Add(ConnectionLink? link)
        {
            if (link is not null && (link.Client.Party is null || link.Client.Party != link.Server.Party))
                links.TryAdd((link.Client.Address, link.Server.Address), link);
        }
    }

    private ConnectionLink OnHost(KernelSocket socket, Party holder)
    {
        var own = new LinkEnd(holder, socket.Local, facts.Host.HolderOf(socket));
        return facts.Host.IsListenedTo(socket.Port)
            ? new ConnectionLink(ClientAt(socket.Remote!, socket.Local), own)
            : new ConnectionLink(own, ServerAt(socket.Remote!));
    }

    private ConnectionLink? InContainer(KernelSocket socket, ReachableContainer container)
    {
        var table = facts.Tables[container.Id];
        var own = new LinkEnd(Party.Of(container), socket.Local, table.HolderOf(socket)) { Container = container.Id };
        if (!table.IsListenedTo(socket.Port))
            return new ConnectionLink(own, ServerAt(socket.Remote!));
        // What comes from the host through a published port ends in the engine's proxy; its client is seen at its own end.
        var client = ClientAt(socket.Remote!, socket.Local);
        return IsHost(socket.Remote!.Address) && client.Party?.Project is null ? null : new ConnectionLink(client, own);
    }

    private LinkEnd ClientAt(IPEndPoint client, IPEndPoint server)
    {
        if (!IsHost(client.Address))
            return new LinkEnd(OfContainerAt(client.Address), client, null);
        var pid = _connected.TryGetValue((client, server), out var socket) ? facts.Host.HolderOf(socket) : null;
        return new LinkEnd(facts.PartyOf(pid) ?? Party.Machine, client, pid);
    }

    private LinkEnd ServerAt(IPEndPoint server)
    {
        if (!IsHost(server.Address))
            return new LinkEnd(OfContainerAt(server.Address), server, null);
        var pids = _listeners[server.Port].Where(l => IsAt(l.Local, server)).Select(facts.Host.HolderOf).OfType<int>().ToList();
        int? pid = pids.Count == 0 ? null : pids.Find(p => facts.PartyOf(p) is not null) is > 0 and var known ? known : pids[0];
        if (Publisher(server, IsAt) is { } container)
            return new LinkEnd(Party.Of(container), server, null);
        if (facts.PartyOf(pid) is { } app)
            return new LinkEnd(app, server, pid);
        if (Publisher(server, (_, _) => true) is { } elsewhere)
            return new LinkEnd(Party.Of(elsewhere), server, null);
        // Without an answer of the engine, the instance that the port is assigned to is the best guess.
        return new LinkEnd(facts.Containers is null && facts.Planned.GetValueOrDefault(server.Port) is { } planned ? planned : Party.Machine, server, pid);
    }

    private ReachableContainer? Publisher(IPEndPoint server, Func<IPEndPoint, IPEndPoint, bool> isAt) =>
        (facts.Containers ?? []).FirstOrDefault(c => c.Published.Any(p => p.Port == server.Port && isAt(p, server)));

    private static bool IsAt(IPEndPoint listening, IPEndPoint server) =>
        listening.Address.Equals(server.Address) || listening.Address.Equals(IPAddress.Any) || listening.Address.Equals(IPAddress.IPv6Any);

    private Party? OfContainerAt(IPAddress address) => _byAddress.TryGetValue(address, out var container) ? Party.Of(container) : null;

    private bool IsHost(IPAddress address) =>
        IPAddress.IsLoopback(address) || _gateways.Contains(address) || (!_byAddress.ContainsKey(address) && facts.HostAddresses.Value.Contains(address));
}

/// <summary>What is known of the connections of this machine at one time.</summary>
internal sealed record ConnectionFacts
{
    /// <summary>The sockets of this host.</summary>
    public required ConnectionTable Host { get; init; }

    /// <summary>The addresses of this host, as far as they are not the gateways of containers; listing them takes its time.</summary>
    public required Lazy<IReadOnlySet<IPAddress>> HostAddresses { get; init; }

    /// <summary>The processes of services and apps of all instances that use the host's network.</summary>
    public required IReadOnlyDictionary<int, Party> Processes { get; init; }

    /// <summary>The running containers; <see langword="null"/> when the engine does not answer.</summary>
    public required IReadOnlyList<ReachableContainer>? Containers { get; init; }

    /// <summary>The sockets in the network namespaces of containers that could be read, by the container's id.</summary>
    public IReadOnlyDictionary<string, ConnectionTable> Tables { get; init; } = new Dictionary<string, ConnectionTable>();

    /// <summary>The ports that are assigned to instances.</summary>
    public IReadOnlyDictionary<int, Party> Planned { get; init; } = new Dictionary<int, Party>();

    /// <summary>The service or app that a process belongs to; <see langword="null"/> for none.</summary>
    public Party? PartyOf(int? pid) => pid is { } id ? Processes.GetValueOrDefault(id) : null;
}

/// <summary>A service or app of an instance, or something else on this machine.</summary>
/// <param name="Project">The Compose project of the instance; <see langword="null"/> for something else.</param>
/// <param name="Instance">The instance's number; <see langword="null"/> for something else.</param>
/// <param name="Kind">Service or app.</param>
/// <param name="Name">Its name; <see langword="null"/> if unknown.</param>
internal sealed record Party(string? Project, int? Instance, OwnerKind? Kind, string? Name)
{
    /// <summary>The workspace of the instance, if it is known.</summary>
    public string? Workspace { get; init; }

    /// <summary>Something on this machine that is not known.</summary>
    public static Party Machine { get; } = new(null, null, null, null);

    /// <summary>The service that a container runs, or the container itself where no instance has made it.</summary>
    public static Party Of(ReachableContainer container) => container is { Project: { } project, Service: { } service }
        ? new Party(project, container.Instance, OwnerKind.Service, service) { Workspace = container.Workspace }
        : new Party(null, null, null, container.Name);

    /// <summary>Whose it is, as seen from an instance.</summary>
    public ConnectionOwner OwnerFor(string project) =>
        Project == project ? ConnectionOwner.Own : Project is not null && Instance is not null ? ConnectionOwner.Instance : ConnectionOwner.Machine;
}

/// <summary>One connection.</summary>
/// <param name="Client">Who has connected.</param>
/// <param name="Server">Whose port it is.</param>
internal sealed record ConnectionLink(LinkEnd Client, LinkEnd Server)
{
    /// <summary>The end that is not an instance's own; the server if both are.</summary>
    public LinkEnd OtherFor(string project) =>
        Server.OwnerFor(project) == ConnectionOwner.Own && Client.OwnerFor(project) != ConnectionOwner.Own ? Client : Server;
}

/// <summary>One end of a connection.</summary>
/// <param name="Party">Whose it is; <see langword="null"/> for another machine's.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Pid">The process that holds it; <see langword="null"/> if unknown.</param>
internal sealed record LinkEnd(Party? Party, IPEndPoint Address, int? Pid)
{
    /// <summary>The id of the container whose network namespace it was read in; <see langword="null"/> for the host's.</summary>
    public string? Container { get; init; }

    /// <summary>Whose it is, as seen from an instance.</summary>
    public ConnectionOwner OwnerFor(string project) => Party?.OwnerFor(project) ?? ConnectionOwner.Outside;
}
