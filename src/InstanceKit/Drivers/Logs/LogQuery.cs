namespace InstanceKit.Drivers;

/// <summary>Which lines of a log are wanted.</summary>
public sealed record LogQuery
{
    /// <summary>How many of the last lines, 0 or more; <see langword="null"/> for all.</summary>
    public int? Tail { get; init; }

    /// <summary>From which moment on; <see langword="null"/> for the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether to go on with what is written from now on.</summary>
    public bool Follow { get; init; }
}
