using System.Diagnostics;

namespace Nuke.Common.Tooling;

/// <summary>Starts the programs that components need.</summary>
internal static class ProcessTasks
{
    /// <summary>Runs a program to its end, passing on what it writes line by line.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string program, IReadOnlyList<string> arguments, string workingDirectory)
    {
        Console.WriteLine($"> {program} {string.Join(' ', arguments)}");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Echo(line.Data);
        process.ErrorDataReceived += (_, line) => Echo(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Echo(string? line)
    {
        if (line is not null)
            Console.WriteLine(line);
    }
}
