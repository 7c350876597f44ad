using System.Globalization;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>The established connections of an instance at one time, as the kernel lists them.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Connections">The connections of its services and apps, except those to themselves.</param>
/// <param name="Unread">The services and apps whose connections can't be read here, with the reason, as phrases.</param>
public sealed record InstanceConnections(
    int Instance, string Project, IReadOnlyList<InstanceConnection> Connections, IReadOnlyList<string> Unread)
{
    /// <summary>How many places of the workspace address the stack although no rule covers them: they may connect later.</summary>
    public int Untranslated { get; init; }

    /// <summary>The connections with other instances.</summary>
    public IReadOnlyList<InstanceConnection> CrossTalk { get; } = [.. Connections.Where(c => c.IsCrossTalk)];
}

/// <summary>The connections of one process, or of one container, with one address.</summary>
/// <param name="Client">Who has connected.</param>
/// <param name="Server">Whose port it is.</param>
/// <param name="Count">How many connections there are; the client's address is that of one of them.</param>
public sealed record InstanceConnection(ConnectionEnd Client, ConnectionEnd Server, int Count)
{
    /// <summary>The variables of the client that name the server's port; read for connections with other instances only.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Whether one of the ends belongs to another instance.</summary>
    public bool IsCrossTalk => Other.Owner == ConnectionOwner.Instance;

    /// <summary>The end that is not the instance's own; the server if both are.</summary>
    public ConnectionEnd Other => Server.Owner == ConnectionOwner.Own && Client.Owner != ConnectionOwner.Own ? Client : Server;

    /// <summary>The connection in one or two sentences: who, with which process, with whom, both addresses, and why if that can be told.</summary>
    public string Describe()
    {
        var what = $"{Client.Describe()} is connected to {Server.Describe()}: {Client.Address} → {Server.Address}.";
        if (Variables.Count == 0)
            return what;
        var isOne = Variables.Count == 1;
        return $"{what} Its {(isOne ? "variable" : "variables")} {string.Join(", ", Variables)} {(isOne ? "names" : "name")} that address.";
    }
}

/// <summary>Whose an end of a connection is, as seen from an instance.</summary>
public enum ConnectionOwner
{
    /// <summary>The instance itself.</summary>
    Own,

    /// <summary>Another instance.</summary>
    Instance,

    /// <summary>The shared infrastructure that the instance uses, or an instance that uses this one.</summary>
    Shared,

    /// <summary>Something else on this machine.</summary>
    Machine,

    /// <summary>Another machine.</summary>
    Outside,
}

/// <summary>One end of a connection.</summary>
public sealed record ConnectionEnd
{
    /// <summary>Whose it is.</summary>
    public required ConnectionOwner Owner { get; init; }

    /// <summary>The address and port: <c>127.0.0.1:5433</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The number of the instance; <see langword="null"/> for the machine's and outside.</summary>
    public int? Instance { get; init; }

    /// <summary>The Compose project of the instance; <see langword="null"/> for the machine's and outside.</summary>
    public string? Project { get; init; }

    /// <summary>The workspace of another instance, if that is known; otherwise <see langword="null"/>.</summary>
    public string? Workspace { get; init; }

    /// <summary>Service or app; <see langword="null"/> for the machine's and outside.</summary>
    public OwnerKind? Kind { get; init; }

    /// <summary>The name of the service or app, or of a container of the machine; <see langword="null"/> if unknown.</summary>
    public string? Name { get; init; }

    /// <summary>The short name of the process that holds it; <see langword="null"/> if unknown.</summary>
    public string? Process { get; init; }

    /// <summary>Its process id on this machine; <see langword="null"/> if unknown.</summary>
    public int? Pid { get; init; }

    /// <summary>The end in words: <c>worker of instance 1 (node, pid 4242)</c>.</summary>
    public string Describe()
    {
        var name = Owner switch
        {
            ConnectionOwner.Own or ConnectionOwner.Instance or ConnectionOwner.Shared => $"{Name} of {(Instance is { } number ? StackDefinition.NameOf(number, Project ?? "") : Project)}",
            ConnectionOwner.Machine => Name ?? "this machine",
            _ => "another machine",
        };
        var holder = Pid is { } pid ? Process is { } process ? $" ({process}, pid {pid.ToString(CultureInfo.InvariantCulture)})" : $" (pid {pid})" : "";
        return Workspace is null ? name + holder : $"{name} in {Workspace}{holder}";
    }
}
