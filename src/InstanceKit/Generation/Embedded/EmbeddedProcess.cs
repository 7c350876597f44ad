namespace InstanceKit.Generation;

/// <summary>How PM2 runs a service as a process.</summary>
public sealed record EmbeddedProcess
{
    /// <summary>The launcher, for node, or the program.</summary>
    public required string Script { get; init; }

    /// <summary>Whether node runs the script.</summary>
    public bool IsNodeScript { get; init; }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What a launcher is told, as JSON in one variable, so that no secret stands in a command line.</summary>
    public string? Settings { get; init; }

    /// <summary>Further variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The port that must answer for the service to be ready.</summary>
    public required int Port { get; init; }

    /// <summary>How long it may take to end, in milliseconds, before PM2 kills it.</summary>
    public int StopTimeout { get; init; } = 5_000;

    /// <summary>Files that it reads, to be written before it starts, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders that it needs, to be made before it starts, by absolute path.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The published ports that it serves; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Serves { get; init; }

    /// <summary>What of the container it does not offer: "no console on 9001".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
