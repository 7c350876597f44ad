using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hosting;

/// <summary>
/// Data goes to standard output, everything else to standard error. The engine writes to <see cref="Console.Out"/>
/// whatever it has to say, so that is pointed at standard error, and data gets the original.
/// </summary>
internal static class BuildStreams
{
    /// <summary>Standard output: tables, JSON and whatever else was asked for.</summary>
    public static TextWriter Data { get; } = Open();

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
        var data = new StreamWriter(OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        };
        Console.SetOut(Console.Error);
        return data;
    }
    /// <summary>Standard output, whose writer learns when nobody reads it any longer.</summary>
    /// <remarks>Console's own stream swallows a broken pipe, so that "Logs --follow | head" would never end.</remarks>
    private static Stream OpenStandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 1);

        // A file is left to Console: FileStream keeps a position of its own, which others that write there do not know.
        return direct.CanSeek ? Console.OpenStandardOutput() : direct;
    }
}
