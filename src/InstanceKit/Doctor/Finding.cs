using InstanceKit.Platform;

namespace InstanceKit.Doctor;

/// <summary>What was found of one thing that instances need.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Name">What people call it: "Node.js", "ports of instance 1".</param>
/// <param name="State">Whether it is as it must be.</param>
/// <param name="Found">What is there, as a phrase.</param>
/// <param name="Needed">What is needed, as a phrase.</param>
/// <param name="Remedy">What to do on this operating system; <see langword="null"/> where nothing is to be done.</param>
public sealed record Finding(Check Check, string Name, FindingState State, string Found, string Needed, string? Remedy = null);

/// <summary>Whether a requirement of instances is met.</summary>
public enum FindingState
{
    /// <summary>It is.</summary>
    Ok,

    /// <summary>Something works less well, or not in every case.</summary>
    Warning,

    /// <summary>Nothing can be brought up without it.</summary>
    Missing,
}

/// <summary>What is checked.</summary>
public enum Check
{
    /// <summary>The .NET SDK of <c>global.json</c>.</summary>
    DotNetSdk,

    /// <summary>Node.js.</summary>
    Node,

    /// <summary>npm.</summary>
    Npm,

    /// <summary>PM2.</summary>
    Pm2,

    /// <summary>The Docker engine.</summary>
    Engine,

    /// <summary>Free storage in the engine's data directory.</summary>
    EngineStorage,

    /// <summary>Address ranges that the engine can still assign to networks.</summary>
    AddressPools,

    /// <summary>Docker Compose.</summary>
    Compose,

    /// <summary>git.</summary>
    Git,

    /// <summary>The workspace whose stack would be run.</summary>
    Workspace,

    /// <summary>What would run the services.</summary>
    Infra,

    /// <summary>What can stand for containers on this machine.</summary>
    Embedded,

    /// <summary>The ports of an instance.</summary>
    Ports,

    /// <summary>Memory for the instances that there are and that were chosen.</summary>
    Memory,

    /// <summary>Linux's limit of watched files.</summary>
    FileWatches,
}
