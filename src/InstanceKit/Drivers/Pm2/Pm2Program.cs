using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>A PM2 that can be run.</summary>
public sealed record Pm2Program
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(90);

    /// <summary>The program to start: PM2 itself, or <c>node</c>.</summary>
    public required string Program { get; init; }

    /// <summary>What comes before PM2's own arguments: nothing, or the path of PM2's script.</summary>
    public IReadOnlyList<string> PrefixArguments { get; init; } = [];

    /// <summary>The folder of its package.</summary>
    public required string Package { get; init; }

    /// <summary>The version, 5.0 or later.</summary>
    public required Version Version { get; init; }

    /// <summary>The command of this PM2 with the given arguments.</summary>
    /// <param name="arguments">PM2's own arguments.</param>
    public ProcessSpec Command(params IEnumerable<string> arguments) => new()
    {
        Program = Program,
        Arguments = [.. PrefixArguments, .. arguments],
        Timeout = CommandTimeout,
        InstallHint = Node.InstallHint,
    };
}
