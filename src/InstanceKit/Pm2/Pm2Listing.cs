using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Reads PM2's process list. It contains every app's whole environment, including secrets, so only what is needed is kept.</summary>
internal static class Pm2Listing
{
    private const int MostTries = 100;
    private const long LatestTime = 253_402_300_799_999; // the end of the year 9999, in milliseconds

    /// <summary>Reads the output of <c>pm2 jlist</c>, whatever PM2 prints before the list.</summary>
    /// <param name="output">The whole standard output.</param>
    /// <returns>The processes; <see langword="null"/> when the output contains no list.</returns>
    public static IReadOnlyList<Pm2Process>? ParseOutput(string output)
    {
        // Banners contain brackets too ("[PM2] Spawning…"), so take the first text that parses as a list of objects.
        var tries = 0;
        for (var at = output.IndexOf('['); at >= 0 && tries < MostTries; at = output.IndexOf('[', at + 1))
        {
            // Skip what can't start such a list: a banner, or nested brackets.
            var next = output.AsSpan(at + 1).TrimStart();
            if (next is not ['{' or ']', ..])
                continue;
            tries++;
            if (TryParse(output.AsSpan(at)) is { } list)
                return list;
        }

        return null;
    }

    /// <summary>Reads the list itself.</summary>
    /// <param name="list">A JSON array of PM2's process objects.</param>
    public static IReadOnlyList<Pm2Process> Parse(JsonElement list)
    {
        var processes = new List<Pm2Process>(list.GetArrayLength());
        foreach (var process in list.EnumerateArray())
            processes.Add(ParseProcess(process));
        return processes;
    }

    private static IReadOnlyList<Pm2Process>? TryParse(ReadOnlySpan<char> text)
    {
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text.ToArray()));
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.EnumerateArray().All(p => p.ValueKind == JsonValueKind.Object)
                ? Parse(document.RootElement)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Pm2Process ParseProcess(JsonElement process)
    {
        var details = process.TryGetProperty("pm2_env", out var found) ? found : default;
        var environment = Member(details, "env") is { ValueKind: JsonValueKind.Object } env ? env : details;
        return new Pm2Process
        {
            Name = Text(process, "name") ?? "",
            PmId = (int)(Number(process, "pm_id") is { } id and >= 0 and <= int.MaxValue ? id : -1),
            Pid = Number(process, "pid") is { } pid and > 0 and <= int.MaxValue ? (int)pid : null,
            Status = ParseStatus(Text(details, "status")),
            Restarts = Count(Number(details, "restart_time")),
            StartedAt = TimeOf(Number(details, "pm_uptime")),
            RequestedAt = TimeOf(Number(details, "created_at")),
            EarlyEnds = Count(Number(details, "unstable_restarts")),
            Cwd = Text(details, "pm_cwd"),
            OutLog = Text(details, "pm_out_log_path"),
            ErrLog = Text(details, "pm_err_log_path"),
            ExitCode = Number(details, "exit_code") is { } code and >= int.MinValue and <= int.MaxValue ? (int)code : null,
            Instance = Text(environment, "SHIPSEC_INSTANCE"),
            Owner = Text(environment, ProcessMarks.Owner),
            Fingerprint = Text(environment, ProcessMarks.Fingerprint),
        };
    }

    private static ProcessState ParseStatus(string? word) => word switch
    {
        "online" => ProcessState.Online,
        "launching" => ProcessState.Launching,
        "stopping" => ProcessState.Stopping,
        "stopped" => ProcessState.Stopped,
        "errored" => ProcessState.Errored,
        "waiting restart" => ProcessState.WaitingRestart,
        _ => ProcessState.Unknown,
    };

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement parent, string name) => Member(parent, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(), // env: { SHIPSEC_INSTANCE: 1 }
        _ => null,
    };

    private static long? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    private static int Count(long? number) => (int)Math.Clamp(number ?? 0, 0, int.MaxValue);

    private static DateTimeOffset? TimeOf(long? milliseconds) =>
        milliseconds is { } at and >= 0 and <= LatestTime ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

/// <summary>The PM2 state of a process. Online means spawned, not listening.</summary>
public enum ProcessState
{
    /// <summary>A word that this library does not know.</summary>
    Unknown,

    /// <summary>Spawned.</summary>
    Online,

    /// <summary>Being spawned.</summary>
    Launching,

    /// <summary>Stopping.</summary>
    Stopping,

    /// <summary>Ended, and not to be started again.</summary>
    Stopped,

    /// <summary>Crashed too often; no longer restarted.</summary>
    Errored,

    /// <summary>Crashed, and to be started again after a delay.</summary>
    WaitingRestart,
}

/// <summary>A process of an app, as PM2 describes it.</summary>
public sealed record ObservedProcess
{
    /// <summary>Its PM2 name.</summary>
    public required string Name { get; init; }

    /// <summary>Its process id; 0 when it does not run.</summary>
    public required int Pid { get; init; }

    /// <summary>PM2's word for its state. Online means spawned, not listening.</summary>
    public required ProcessState State { get; init; }

    /// <summary>Whether PM2 reports it online.</summary>
    public bool IsOnline => State == ProcessState.Online;

    /// <summary>How often PM2 started it again, also at the request of <c>pm2 restart</c>.</summary>
    public int Restarts { get; init; }

    /// <summary>Its last exit code; <see langword="null"/> before its first exit. PM2 reports 0 for a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// When it was last started by a command; <see langword="null"/> when unknown. PM2 keeps this time (<c>created_at</c>)
    /// when it restarts the app automatically.
    /// </summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>How often it has exited within a second since then.</summary>
    public int EarlyEnds { get; init; }

    /// <summary>When it was last started; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The workspace and project it belongs to, from its environment; <see langword="null"/> when it carries none.</summary>
    public string? Owner { get; init; }

    /// <summary>The fingerprint of the configuration it was started with; <see langword="null"/> when it carries none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The resource usage of its process tree; <see langword="null"/> when it is not running.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>The ports that its process tree listens on.</summary>
    public IReadOnlyList<int> ListensOn { get; init; } = [];

    /// <summary>Those of its ports that it listens on for all interfaces of this host, each by the address it is bound to.</summary>
    public IReadOnlyDictionary<int, string> OpenToAll { get; init; } = new Dictionary<int, string>();
}
