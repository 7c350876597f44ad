using InstanceKit;

namespace Output;

/// <summary>The outputs of a command: data, messages and progress, and their verbosity.</summary>
internal sealed record CommandOutput
{
    /// <summary>Where data goes: standard output.</summary>
    public required Surface Data { get; init; }

    /// <summary>Where progress, notes and errors go: standard error.</summary>
    public required Surface Messages { get; init; }

    /// <summary>How much is shown.</summary>
    public required Detail Detail { get; init; }

    /// <summary>Whether data is JSON.</summary>
    public required bool IsJson { get; init; }

    /// <summary>Whether the data is no longer read.</summary>
    public required Func<bool> IsAbandoned { get; init; }

    /// <summary>Tells the time.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether messages may be written in addition to the data.</summary>
    public bool IsChatty => !IsJson && Detail != Detail.Quiet;

    /// <summary>The output of this process.</summary>
    /// <param name="data">The writer of standard output.</param>
    /// <param name="messages">The writer of standard error.</param>
    /// <param name="isAbandoned">Returns whether standard output is no longer read.</param>
    /// <param name="detail">How much is shown.</param>
    /// <param name="isJson">Whether data is JSON.</param>
    public static CommandOutput OfProcess(TextWriter data, TextWriter messages, Func<bool> isAbandoned, Detail detail, bool isJson) => new()
    {
        Data = new Surface(data, Traits(!Console.IsOutputRedirected), Size),
        Messages = new Surface(messages, Traits(!Console.IsErrorRedirected), Size),
        Detail = detail,
        IsJson = isJson,
        IsAbandoned = isAbandoned,
        Time = TimeProvider.System,
    };

    /// <summary>Chooses how progress is shown.</summary>
    /// <param name="command">The command that works: "Up".</param>
    public IProgressView ChooseProgress(string command) => (Detail, Messages.Traits.IsLive) switch
    {
        _ when IsJson => new JsonProgress(Data.Writer, Time, command),
        (Detail.Quiet, _) => new SilentProgress(),
        (Detail.Normal, true) => new LiveProgress(Messages, Time),
        _ => new PlainProgress(Messages.Writer, Time, showsAll: Detail == Detail.Verbose),
    };

    private static SurfaceTraits Traits(bool isTerminal) =>
        SurfaceTraits.Of(isTerminal, isTerminal ? Size() : default, Environment.GetEnvironmentVariable);

    private static (int Width, int Height) Size()
    {
        try
        {
            return (Console.WindowWidth, Console.WindowHeight);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            // A terminal of unknown size; the traits handle it.
            return default;
        }
    }
}

/// <summary>The amount of output.</summary>
internal enum Detail
{
    /// <summary>Errors and data.</summary>
    Quiet,

    /// <summary>Also progress and outcome.</summary>
    Normal,

    /// <summary>Every event, and the technical causes of errors.</summary>
    Verbose,
}

/// <summary>Shows an error that ended a command: as text and, with JSON output, as a document.</summary>
internal static class ErrorOutput
{
    /// <summary>Writes the error.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Write(CommandOutput output, InstanceKitException error)
    {
        new ErrorText(output).Write(error);
        if (output.IsJson)
            JsonOutput.WriteLine(output.Data.Writer, ErrorDocument.Of(error));
        return (int)error.ExitCode;
    }
}
