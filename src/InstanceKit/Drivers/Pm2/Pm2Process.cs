namespace InstanceKit.Drivers;

/// <summary>One process of PM2's list. Of its environment only the three variables of this library are kept.</summary>
public sealed record Pm2Process
{
    /// <summary>The app's name.</summary>
    public required string Name { get; init; }

    /// <summary>PM2's own number for it, unique while its daemon lives.</summary>
    public required int PmId { get; init; }

    /// <summary>The process id; <see langword="null"/> while it does not run.</summary>
    public int? Pid { get; init; }

    /// <summary>What PM2 says of it.</summary>
    public required Pm2Status Status { get; init; }

    /// <summary>How often PM2 has started it again.</summary>
    public int Restarts { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was last asked to start it, as opposed to starting it again by itself.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>How often since then it ended within a second.</summary>
    public int EarlyEnds { get; init; }

    /// <summary>Its working directory.</summary>
    public string? Cwd { get; init; }

    /// <summary>The file of its standard output.</summary>
    public string? OutLog { get; init; }

    /// <summary>The file of its standard error.</summary>
    public string? ErrLog { get; init; }

    /// <summary>The exit code it last ended with; <see langword="null"/> when it has not ended or a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The value of <c>SHIPSEC_INSTANCE</c>.</summary>
    public string? Instance { get; init; }

    /// <summary>The value of <c>INSTANCEKIT_OWNER</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>The value of <c>INSTANCEKIT_FINGERPRINT</c>.</summary>
    public string? Fingerprint { get; init; }
}
