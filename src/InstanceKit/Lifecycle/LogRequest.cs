using System.Text.RegularExpressions;

namespace InstanceKit.Lifecycle;

/// <summary>Which log lines are wanted.</summary>
public sealed record LogRequest
{
    /// <summary>How many of the last lines of each source; <see langword="null"/> for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines from this moment on; <see langword="null"/> for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines up to this moment; <see langword="null"/> for all. Following ends when it has come.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only lines in which this is found, of those that <see cref="Tail"/> leaves; <see langword="null"/> for all.</summary>
    public Regex? Grep { get; init; }

    /// <summary>Whether to go on with new lines until cancelled.</summary>
    public bool Follow { get; init; }

    /// <summary>Only these services and apps; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}

/// <summary>A line that a service or app of an instance wrote.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Source">The service or app.</param>
/// <param name="Timestamp">When it was written.</param>
/// <param name="IsError">Whether it went to standard error.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record InstanceLogLine(int Instance, string Source, DateTimeOffset Timestamp, bool IsError, string Text);
