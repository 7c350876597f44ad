using System.Net;

namespace InstanceKit.Drivers;

/// <summary>A port that somebody else holds.</summary>
public sealed record TakenPort
{
    /// <summary>The port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The address it is taken on; 0.0.0.0 or :: for all.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The process that listens, when it could be found.</summary>
    public int? Pid { get; init; }

    /// <summary>The process's short name, when it could be found.</summary>
    public string? ProcessName { get; init; }

    /// <summary>The process's whole command line, when it could be found.</summary>
    public string? CommandLine { get; init; }
}
