using System.Diagnostics;
using System.Globalization;

namespace Nuke.Common.Execution;

/// <summary>Answers the switches of tools around NUKE: shell completion and the extension of Visual Studio.</summary>
internal static class ToolRequests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Ends the process once the schema is written, or waits for a debugger, where that is asked for.</summary>
    /// <exception cref="UsageException">No debugger came.</exception>
    public static void Answer(ParameterSource parameters, string temporaryDirectory)
    {
        if (parameters.HasSwitch("ShellCompletion"))
            Environment.Exit(0);
        if (!parameters.HasSwitch("VisualStudioDebug"))
            return;

        // The extension reads the id from this file, and attaches itself to the process.
        Directory.CreateDirectory(temporaryDirectory);
        File.WriteAllText(Path.Combine(temporaryDirectory, "visual-studio-debug.log"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (!SpinWait.SpinUntil(() => Debugger.IsAttached, s_patience))
            throw new UsageException($"no debugger was attached within {s_patience.TotalSeconds:0} s, as --visual-studio-debug requires.");
    }
}
