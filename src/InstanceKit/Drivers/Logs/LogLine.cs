namespace InstanceKit.Drivers;

/// <summary>One line that an app or a container wrote.</summary>
public sealed record LogLine
{
    /// <summary>When it was written; a line without a stamp of its own has that of the line before.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Who wrote it: the app or service.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it was written to standard error.</summary>
    public required bool IsError { get; init; }

    /// <summary>The text, without stamp and line end.</summary>
    public required string Text { get; init; }
}
