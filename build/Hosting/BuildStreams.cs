using System.Text;

namespace Hosting;

/// <summary>
/// Data goes to standard output, everything else to standard error. The engine writes to <see cref="Console.Out"/>
/// whatever it has to say, so that is pointed at standard error, and data gets the original.
/// </summary>
internal static class BuildStreams
{
    private static readonly PipeOutput? s_pipe = PipeOutput.TryOpen();

    /// <summary>Standard output: tables, JSON and whatever else was asked for.</summary>
    public static TextWriter Data { get; } = Open();

    /// <summary>Whether nobody reads standard output any longer.</summary>
    public static bool IsDataAbandoned => s_pipe is { IsBroken: true };

    /// <summary>Standard error: progress, notes, failures.</summary>
    public static TextWriter Progress => Console.Error;

    /// <summary>Whether data may be coloured: a terminal reads it, and NO_COLOR is not set.</summary>
    public static bool IsDataColoured => !Console.IsOutputRedirected && AllowsColour;

    /// <summary>Whether progress may be coloured and redrawn.</summary>
    public static bool IsProgressColoured => !Console.IsErrorRedirected && AllowsColour;

    // https://no-color.org: present and not empty, whatever its value.
    private static bool AllowsColour =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static StreamWriter Open()
    {
        var data = new StreamWriter(s_pipe ?? Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        };
        Console.SetOut(Console.Error);
        return data;
    }
}
