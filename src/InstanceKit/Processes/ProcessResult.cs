namespace InstanceKit.Processes;

/// <summary>What a finished program left: its exit code and all of its output.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="StandardOutput">Everything written to standard output.</param>
/// <param name="StandardError">Everything written to standard error.</param>
public sealed record ProcessResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>Whether the program ended with exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;
}
