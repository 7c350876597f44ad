using System.Diagnostics;
using Nuke.Common;

namespace Nuke.Components;

/// <summary>The <c>dotnet</c> command line, as far as the components need it.</summary>
internal static class DotNet
{
    /// <summary>Runs <c>dotnet</c> in the root folder, passing on what it writes line by line.</summary>
    /// <exception cref="InvalidOperationException">It ended with an exit code other than 0.</exception>
    public static void Run(INukeBuild build, params string[] arguments)
    {
        if (!Passes(build, arguments))
            Assert.Fail($"'dotnet {arguments[0]}' failed; see its output above.");
    }

    /// <summary>The same, but a failure is an answer.</summary>
    public static bool Passes(INukeBuild build, params string[] arguments)
    {
        Console.WriteLine($"> dotnet {string.Join(' ', arguments)}");
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = build.RootDirectory.ToString(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, line) => Echo(line.Data);
        process.ErrorDataReceived += (_, line) => Echo(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>The option when it is wanted, else nothing.</summary>
    public static string[] Option(string option, bool isWanted) => isWanted ? [option] : [];

    private static void Echo(string? line)
    {
        if (line is not null)
            Console.WriteLine(line);
    }
}
