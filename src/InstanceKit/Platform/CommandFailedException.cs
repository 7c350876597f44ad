namespace InstanceKit.Platform;

/// <summary>A program exited with a code other than 0.</summary>
public sealed class CommandFailedException : InstanceKitException
{
    private const int ShownLines = 20;

    /// <summary>Creates the error from a program and its result.</summary>
    /// <param name="intent">What was attempted, as a phrase: "start the services of shipsec-dev-1".</param>
    /// <param name="spec">What ran.</param>
    /// <param name="result">What it left.</param>
    /// <param name="remedy">What the user can do next.</param>
    public CommandFailedException(string intent, ProcessSpec spec, ProcessResult result, string? remedy = null)
        : base(ExitCode.Failed, Describe(intent, spec, result), remedy)
    {
        Spec = spec;
        Result = result;
    }

    /// <summary>What ran.</summary>
    public ProcessSpec Spec { get; }

    /// <summary>Its result.</summary>
    public ProcessResult Result { get; }

    private static string Describe(string intent, ProcessSpec spec, ProcessResult result)
    {
        var output = string.IsNullOrWhiteSpace(result.StandardError) ? result.StandardOutput : result.StandardError;
        var last = output.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).TakeLast(ShownLines)
            .Select(l => $"\n    {l}");
        var where = spec.WorkingDirectory is null ? "" : $" (in {spec.WorkingDirectory})";
        return $"Could not {intent}: exit code {result.ExitCode} from\n  {spec}{where}{string.Concat(last)}";
    }
}

/// <summary>The result of a program: its exit code and all of its output.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="StandardOutput">Everything written to standard output.</param>
/// <param name="StandardError">Everything written to standard error.</param>
public sealed record ProcessResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>Whether the program exited with code 0.</summary>
    public bool Succeeded => ExitCode == 0;
}
