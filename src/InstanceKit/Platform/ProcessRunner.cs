using System.ComponentModel;
using System.Text;
using CliWrap;
using CliWrap.Exceptions;

namespace InstanceKit.Platform;

/// <summary>Runs programs until they exit, and captures their output; the only class that starts a process.</summary>
public static class ProcessRunner
{
    private const int FileNotFound = 2;
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program and returns its result, whatever the exit code.</summary>
    /// <param name="onErrorLine">Called for each line of standard error as it arrives.</param>
    /// <param name="cancellation">Interrupts the program, then kills it after five seconds.</param>
    /// <exception cref="InstanceKitException">The program is not installed, or timed out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ProcessResult> RunAsync(
        ProcessSpec spec, Action<string>? onErrorLine = null, CancellationToken cancellation = default)
    {
        var output = new StringBuilder();
        var result = await RunAsync(
            spec, PipeSource.Null, PipeTarget.ToStringBuilder(output),
            onErrorLine is null ? PipeTarget.Null : PipeTarget.ToDelegate(onErrorLine), cancellation);
        return result with { StandardOutput = output.ToString() };
    }

    /// <summary>The same with pipes of the caller's; the result has no output.</summary>
    /// <inheritdoc cref="RunAsync(ProcessSpec, Action{string}?, CancellationToken)"/>
    internal static async Task<ProcessResult> RunAsync(
        ProcessSpec spec, PipeSource input, PipeTarget output, PipeTarget errorOutput, CancellationToken cancellation, TimeProvider? clock = null)
    {
        cancellation.ThrowIfCancellationRequested(); // otherwise it would be started, and then interrupted
        clock ??= TimeProvider.System;
        using var timeout = new CancellationTokenSource(spec.Timeout ?? Timeout.InfiniteTimeSpan, clock);
        using var graceful = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var forceful = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        await using var escalation = graceful.Token.Register(() => forceful.CancelAfter(GracePeriod));

        var error = new StringBuilder();
        try
        {
            var result = await Cli.Wrap(spec.Program)
                .WithArguments(spec.Arguments)
                .WithWorkingDirectory(spec.WorkingDirectory ?? Directory.GetCurrentDirectory())
                .WithEnvironmentVariables(spec.Environment)
                .WithStandardInputPipe(input)
                .WithStandardOutputPipe(output)
                .WithStandardErrorPipe(PipeTarget.Merge(PipeTarget.ToStringBuilder(error), errorOutput))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(forceful.Token, graceful.Token);
            return new ProcessResult(result.ExitCode, "", error.ToString());
        }
        catch (Exception e) when (e is Win32Exception or CliWrapException { InnerException: Win32Exception })
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"Could not run '{spec.Program}': {Explain(spec, e)}", spec.InstallHint, e);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw TimedOut(spec, spec.Timeout!.Value);
        }
    }

    /// <summary>Runs the program and returns its standard output; any exit code but 0 is an error.</summary>
    /// <param name="intent">What is attempted, as a phrase, for the error's text.</param>
    /// <param name="onErrorLine">Called for each line of standard error as it arrives.</param>
    /// <param name="cancellation">Interrupts the program, then kills it after five seconds.</param>
    /// <exception cref="CommandFailedException">The program exited with a code other than 0.</exception>
    public static async Task<string> ReadAsync(
        ProcessSpec spec, string intent, Action<string>? onErrorLine = null, CancellationToken cancellation = default)
    {
        var result = await RunAsync(spec, onErrorLine, cancellation);
        return result.Succeeded ? result.StandardOutput : throw new CommandFailedException(intent, spec, result);
    }

    /// <summary>The error for a program that timed out.</summary>
    internal static NoAnswerException TimedOut(ProcessSpec spec, TimeSpan limit) => new(
        $"'{spec}' did not finish within {limit.TotalSeconds:0} s and was stopped.",
        "Retry. If it happens again, run that command by hand to see what it waits for.");

    // "File not found" has the same error code on all systems; it may also refer to the working directory.
    private static string Explain(ProcessSpec spec, Exception e) =>
        (e as Win32Exception ?? e.InnerException as Win32Exception) is { NativeErrorCode: FileNotFound }
        && (spec.WorkingDirectory is null || Directory.Exists(spec.WorkingDirectory))
            ? "it was not found on PATH."
            : e.Message;
}

/// <summary>What to run: a program with an argument list, never a joined command line.</summary>
public sealed record ProcessSpec
{
    /// <summary>The program's name on PATH or its absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The working directory; <see langword="null"/> for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Changes to the inherited environment; a <see langword="null"/> value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long the program may take before it is killed; <see langword="null"/> for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What to do when the program is not installed; shown with the error.</summary>
    public string? InstallHint { get; init; }

    /// <summary>The command as typed in a shell. Arguments contain no secrets in this library.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellQuote.Word));
}

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
