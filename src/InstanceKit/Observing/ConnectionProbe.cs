using System.Net;
using System.Net.NetworkInformation;
using InstanceKit.Addresses;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>Reads which connections the services and apps of instances have, and whose the other ends are.</summary>
/// <param name="tools">Where downloaded tools are stored.</param>
internal sealed class ConnectionProbe(string tools, Lazy<EngineClient> engine, LeaseStore registry)
{
    private const string OfHost = "host";

    /// <summary>The connections of instances; <see langword="null"/> where something that has to be asked does not answer.</summary>
    /// <param name="specs">The instances.</param>
    /// <param name="containers">The containers of each project, once they are observed.</param>
    public async Task<IReadOnlyList<InstanceConnections>?> TryObserveAsync(
        IReadOnlyList<InstanceSpec> specs, Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> containers, CancellationToken cancellation)
    {
        try
        {
            return await ObserveAsync(specs, containers, cancellation);
        }
        catch (InstanceKitException)
        {
            return null;
        }
    }

    /// <summary>The connections of instances.</summary>
    /// <param name="specs">The instances.</param>
    /// <param name="containers">The containers of each project, where they are being observed; <see langword="null"/> to ask the engine.</param>
    /// <exception cref="InstanceKitException">The engine does not answer, or <c>lsof</c> or <c>netstat</c> is missing.</exception>
    public async Task<IReadOnlyList<InstanceConnections>> ObserveAsync(
        IReadOnlyList<InstanceSpec> specs, Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>>? containers, CancellationToken cancellation)
    {
        var leases = LeasesWith(specs);
        // PM2's answer takes the longest, and is read without giving up the thread.
        var listed = Task.Run(() => ProcessesAsync(leases, cancellation), cancellation);
        var asked = leases.All(l => l.Infra is InfraMode.Embedded) ? Task.FromResult<IReadOnlyList<ReachableContainer>?>(null) : AskAsync(cancellation);
        var observed = (await (containers ?? ListAsync(specs, leases, cancellation))).Where(c => specs.Any(s => s.Project == c.Key)).SelectMany(c => c.Value)
            .Where(c => c is { State: ContainerState.Running, Pid: > 0 }).ToList();
        var reachable = await asked;
        var sight = new Sight(await listed, reachable);
        sight.Read(observed);
        var map = new ConnectionMap(sight.Facts(leases));
        var links = specs.Select(s => map.Of(s.Project)).ToList();
        if (sight.Attribute(specs, links))
        {
            map = new ConnectionMap(sight.Facts(leases));
            links = [.. specs.Select(s => map.Of(s.Project))];
        }

        var found = new List<InstanceConnections>();
        foreach (var (spec, own) in specs.Zip(links))
        {
            var connections = new List<InstanceConnection>();
            var partners = PartnersOf(spec, leases);
            foreach (var group in own.GroupBy(l => (l.Client.Party, l.Client.Pid, l.Server.Party, l.Server.Address)))
            {
                var link = group.MinBy(l => l.Client.Address.Port)!;
                var connection = new InstanceConnection(Known(sight.Describe(link.Client, spec)), Known(sight.Describe(link.Server, spec)), group.Count());
                connections.Add(connection.IsCrossTalk ? connection with { Variables = await VariablesAsync(link, cancellation) } : connection);
            }

            found.Add(new InstanceConnections(
                spec.Number, spec.Project,
                [.. connections.OrderBy(c => c.Client.Owner != ConnectionOwner.Own).ThenBy(c => c.Client.Name, StringComparer.Ordinal)
                    .ThenBy(c => c.Other.Owner).ThenBy(c => c.Server.Name, StringComparer.Ordinal).ThenBy(c => c.Server.Address, StringComparer.Ordinal)],
                sight.UnreadOf(spec.Project)) { Untranslated = InstanceStore.ReadRecord(spec.Paths)?.Open ?? 0 });

            ConnectionEnd Known(ConnectionEnd end) =>
                end is { Owner: ConnectionOwner.Instance, Project: { } project } && partners.Contains(project) ? end with { Owner = ConnectionOwner.Shared } : end;
        }

        return found;
    }

    /// <summary>The project of the shared infrastructure, of an instance that uses it; or those of its users.</summary>
    private static HashSet<string> PartnersOf(InstanceSpec spec, IReadOnlyList<Lease> leases) => spec.Stack.IsShared
        ? [.. leases.Where(l => l.IsShared && l.Stack == spec.Stack.Name).Select(l => l.Project)]
        : leases.Any(l => l.IsShared && l.IsOf(spec.Workspace, spec.Number)) ? [(spec.Stack with { IsShared = true }).ProjectOf(0)] : [];

    /// <summary>The instances that are known, of all workspaces: by their leases, and where one is lost, by the record.</summary>
    private IReadOnlyList<Lease> LeasesWith(IReadOnlyList<InstanceSpec> specs)
    {
        var leases = registry.Read(out _)?.Leases ?? [];
        return
        [
            .. leases,
            .. specs.Where(s => !leases.Any(l => l.IsOf(s.Workspace, s.Number))).Select(s => MachineObserver.FromRecord(s.Paths)).OfType<Lease>(),
        ];
    }

    private async Task<IReadOnlyList<ReachableContainer>?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await engine.Value.ListReachableAsync(cancellation);
        }
        catch (InstanceKitException)
        {
            return null; // the ports that are assigned to instances have to do
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ListAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        var projects = specs.Where(s => leases.FirstOrDefault(l => l.Project == s.Project)?.Infra is not InfraMode.Embedded)
            .Select(s => s.Project).ToList();
        return projects.Count == 0
            ? new Dictionary<string, IReadOnlyList<ObservedContainer>>()
            : await engine.Value.ListAsync(projects, cancellation);
    }

    /// <summary>The processes of apps, and of services that run as processes, with all their descendants.</summary>
    private async Task<(ProcessTree Tree, Dictionary<int, Party> Parties)> ProcessesAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        var apps = new MachineApps(tools);
        var roots = new List<(int Pid, Party Party)>();
        foreach (var lease in leases)
        {
            foreach (var process in await apps.ListAsync(lease, cancellation) ?? [])
            {
                if (process.Pid is { } pid)
                    roots.Add((pid, PartyOf(lease, process.Name)));
            }
        }

        // After the lists, so that every listed process is included.
        var tree = ProcessTree.Snapshot();
        var parties = new Dictionary<int, Party>();
        foreach (var (root, party) in roots)
        {
            foreach (var pid in tree.Within(root))
                parties[pid] = party;
        }

        return (tree, parties);
    }

    private static Party PartyOf(Lease lease, string process)
    {
        var (service, end) = (EmbeddedService.ProcessPrefixOf(lease.Stack), $"-{lease.Number}");
        var name = process.EndsWith(end, StringComparison.Ordinal) ? process[..^end.Length] : process;
        return name.StartsWith(service, StringComparison.Ordinal)
            ? new Party(lease.Project, lease.Number, OwnerKind.Service, name[service.Length..]) { Workspace = lease.Workspace }
            : new Party(lease.Project, lease.Number, OwnerKind.App, name.StartsWith($"{lease.Stack}-", StringComparison.Ordinal) ? name[(lease.Stack.Length + 1)..] : name)
            {
                Workspace = lease.Workspace,
            };
    }

    /// <summary>The variables of a client that name the server's address.</summary>
    private async Task<IReadOnlyList<string>> VariablesAsync(ConnectionLink link, CancellationToken cancellation)
    {
        if (link.Client.Party?.Project is null)
            return [];
        var text = OperatingSystem.IsLinux() && link.Client.Pid is { } pid ? ProcFolder.Read(pid, "environ") : null;
        IReadOnlyList<string> environment = text?.Split('\0') ?? [];
        if (environment.Count == 0 && link.Client.Container is { } container)
        {
            try
            {
                environment = await engine.Value.ReadVariablesAsync(container, cancellation);
            }
            catch (InstanceKitException)
            {
                return []; // the connection is what matters
            }
        }

        return AddressVariables.Find(environment, link.Server.Address);
    }

    /// <summary>What has been read for one look.</summary>
    private sealed class Sight((ProcessTree Tree, Dictionary<int, Party> Parties) processes, IReadOnlyList<ReachableContainer>? containers)
    {
        private readonly ConnectionTable _host = ConnectionTable.OfHost();
        private readonly Dictionary<string, ConnectionTable> _tables = new(StringComparer.Ordinal);
        private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

        /// <summary>Reads the sockets of containers, and which of the host's sockets belong to services and apps.</summary>
        public void Read(IReadOnlyList<ObservedContainer> observed)
        {
            var isOfHost = (containers ?? []).Where(c => c.NetworkMode == OfHost).ToDictionary(c => c.Id);
            var own = observed.Where(c => !isOfHost.ContainsKey(c.Id)).ToArray();
            var tables = new ConnectionTable?[own.Length];
            Parallel.For(0, own.Length, i => tables[i] = ConnectionTable.OfContainer(own[i].Id, own[i].Pid));
            foreach (var (container, table) in own.Zip(tables))
            {
                if (table is null)
                    _unread.Add(container.Id);
                else
                    _tables[container.Id] = table;
            }

            foreach (var container in observed.Where(c => isOfHost.ContainsKey(c.Id)))
            {
                var within = new ControlGroup().IsOf(container.Id, container.Pid) ? processes.Tree.Within(container.Pid) : [];
                foreach (var pid in within)
                    processes.Parties[pid] = Party.Of(isOfHost[container.Id]);
                if (!within.All(ProcDescriptors.CanRead) || within.Count == 0)
                    _unread.Add(container.Id);
            }

            _host.Attribute(processes.Parties.Keys);
        }

        /// <summary>Finds the processes that hold the ends of connections with other instances, and the machine's own.</summary>
        /// <returns>Whether the connections have to be mapped again.</returns>
        public bool Attribute(IReadOnlyList<InstanceSpec> specs, IReadOnlyList<IReadOnlyList<ConnectionLink>> links)
        {
            var talking = specs.Zip(links).SelectMany(l => l.Second.SelectMany(k => new[] { k.Client, k.Server }
                .Where(e => e.Container is not null && k.OtherFor(l.First.Project).OwnerFor(l.First.Project) == ConnectionOwner.Instance))).ToList();
            foreach (var table in talking.Select(e => e.Container!).Distinct().Select(id => _tables[id]))
                table.Attribute(table.Sockets.Where(s => talking.Any(t => t.Address.Equals(s.Local))));
            return talking.Count > 0;
        }

        public ConnectionFacts Facts(IReadOnlyList<Lease> leases) => new()
        {
            Host = _host,
            HostAddresses = new Lazy<IReadOnlySet<IPAddress>>(HostAddresses),
            Processes = processes.Parties,
            Containers = containers,
            Tables = _tables,
            Planned = containers is null ? Planned(leases) : new Dictionary<int, Party>(),
        };

        /// <summary>An end as seen from an instance.</summary>
        public ConnectionEnd Describe(LinkEnd end, InstanceSpec spec) => new()
        {
            Owner = end.OwnerFor(spec.Project),
            Address = end.Address.ToString(),
            Instance = end.Party?.Instance,
            Project = end.Party?.Project,
            Workspace = end.Party?.Workspace is { } other && other != spec.Workspace ? other : null,
            Kind = end.Party?.Kind,
            Name = end.Party?.Name,
            Pid = end.Pid,
            // PM2 makes the script's path a part of the name.
            Process = end.Pid is { } pid ? processes.Tree.Find(pid)?.Command.Split(' ')[0] : null,
        };

        /// <summary>The services of an instance whose connections are unknown, and why.</summary>
        public IReadOnlyList<string> UnreadOf(string project)
        {
            var services = (containers ?? []).Where(c => c.Project == project && _unread.Contains(c.Id)).Select(c => c.Service ?? c.Name)
                .Distinct().Order(StringComparer.Ordinal).ToList();
            return services.Count == 0 ? [] : [$"The connections of {string.Join(", ", services)} can't be read on this machine: "
                + (OperatingSystem.IsLinux() ? "their processes are another user's, or run on another machine." : "their containers run in a virtual machine.")];
        }

        private static HashSet<IPAddress> HostAddresses() =>
            [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)];

        private static Dictionary<int, Party> Planned(IReadOnlyList<Lease> leases)
        {
            var planned = new Dictionary<int, Party>();
            foreach (var lease in leases)
            {
                foreach (var port in InstanceStore.FindRecord(lease.Paths)?.Ports.Assignments ?? [])
                {
                    for (var i = 0; port.Protocol == "tcp" && i < port.Count; i++)
                        planned.TryAdd(port.Port + i, new Party(lease.Project, lease.Number, port.Owner.Kind, port.Owner.Name) { Workspace = lease.Workspace });
                }
            }

            return planned;
        }
    }
}

/// <summary>Finds variables that name an address, in every form that the translator knows. Pure.</summary>
internal static class AddressVariables
{
    /// <summary>The names of the variables, in their order.</summary>
    /// <param name="environment">The variables as <c>NAME=value</c>.</param>
    /// <param name="server">The address.</param>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> environment, IPEndPoint server)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in environment)
        {
            // PM2 adds its own, which repeat the configuration of the app.
            if (variable.Split('=', 2) is [var name, var value] && !name.StartsWith("pm_", StringComparison.Ordinal))
                values.TryAdd(name, value);
        }

        var translator = new Translator(PortMap.Of([KeyValuePair.Create(server.Port, server.Port)]));
        return [.. values.Where(v => Names(v.Value, server.Port) || translator.AddressedBy(v.Value, v.Key, values).Any()).Select(v => v.Key)];
    }

    /// <summary>Whether a text has the port after a colon, as the host may be any name inside a container.</summary>
    private static bool Names(string text, int port)
    {
        var written = $":{port}";
        for (var at = text.IndexOf(written, StringComparison.Ordinal); at >= 0; at = text.IndexOf(written, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && (at + written.Length == text.Length || !char.IsAsciiDigit(text[at + written.Length])))
                return true;
        }

        return false;
    }
}
