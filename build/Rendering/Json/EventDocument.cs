using InstanceKit.Lifecycle;

namespace Rendering.Json;

/// <summary>Something that happened while a command worked: a line of what <c>--json</c> prints before the result.</summary>
internal sealed record EventDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; init; } = JsonOutput.SchemaVersion;

    /// <summary><c>step</c>, <c>waiting</c>, <c>done</c>, <c>note</c> or <c>ended</c>.</summary>
    public required InstanceEventKind Event { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The command that works: <c>InitInstance</c> before <c>Up</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>The service, app, network, volume or step that it is about; <c>instance</c> for all of it.</summary>
    public required string Subject { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string Message { get; init; }

    /// <summary>How the work on the instance ended; null unless it has.</summary>
    public required Outcome? Outcome { get; init; }

    /// <summary>The document of an event.</summary>
    public static EventDocument Of(string command, InstanceEvent happened, DateTimeOffset now) => new()
    {
        Event = happened.Kind,
        Time = now.UtcDateTime,
        Command = command,
        Instance = happened.Instance,
        Subject = happened.Subject,
        Message = happened.Message,
        Outcome = happened.Outcome,
    };
}
