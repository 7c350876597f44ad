using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Cli.Hosting;

/// <summary>
/// Data goes to standard output, everything else to standard error. The engine writes to <see cref="Console.Out"/>
/// all of its output, so that is redirected to standard error, and data gets the original.
/// </summary>
internal static class BuildStreams
{
    private static readonly PipeOutput? s_pipe = PipeOutput.TryOpen();

    /// <summary>Standard output: tables, JSON and other data.</summary>
    public static TextWriter Data { get; } = Open();

    /// <summary>Whether standard output is no longer read.</summary>
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

/// <summary>
/// Standard output if it is a pipe: once it is no longer read, as after "| head" or if the caller has
/// closed it from the start, writing does nothing and <see cref="IsBroken"/> is set. Console's own stream ignores
/// that silently, and following logs would never end.
/// </summary>
internal sealed class PipeOutput : Stream
{
    private const int BrokenPipe = 32;
    private const int StandardOutput = 1;

    private readonly FileStream _pipe;
    private bool _isBroken;

    private PipeOutput(FileStream pipe) => _pipe = pipe;

    /// <summary>Whether the pipe is no longer read; detected without a failing write.</summary>
    public bool IsBroken => _isBroken = _isBroken || HasLostReader();

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens standard output as a pipe; <see langword="null"/> when it is none.</summary>
    /// <remarks>Not for a file: FileStream keeps its own position, which other writers do not know.</remarks>
    public static PipeOutput? TryOpen()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return null;
        try
        {
            var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? null : new PipeOutput(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Standard output is closed; discard the data.
            return null;
        }
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isBroken)
            return;
        try
        {
            _pipe.Write(buffer);
        }
        catch (Exception e) when (e is IOException { HResult: BrokenPipe } or UnauthorizedAccessException)
        {
            _isBroken = true;
        }
    }

    /// <inheritdoc />
    public override void Flush()
    {
        // Not buffered.
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    private static bool HasLostReader()
    {
        const short error = 0x8, hangUp = 0x10;
        var pipe = new PollDescriptor { Descriptor = StandardOutput };
        return Poll(ref pipe, 1, 0) > 0 && (pipe.Answer & (error | hangUp)) != 0;
    }

    // https://pubs.opengroup.org/onlinepubs/9799919799/functions/poll.html
    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Question;
        public short Answer;
    }
}

/// <summary>
/// Ctrl-C while a verb runs: the first one cancels its token, so that it can clean up; the second one ends
/// the process at once. SIGTERM counts as Ctrl-C.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int Interrupted = 130;
    private const int SigInt = 2;

    private readonly CancellationTokenSource _source = new();
    private readonly ManualResetEventSlim _never = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public Interrupts()
    {
        // The signal handlers of a process are called newest first, so this one precedes the engine's.
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Makes SIGINT count, and that of each program started later, also where the parent process ignores it.</summary>
    /// <remarks>
    /// <c>nohup</c> and a script's <c>&amp;</c> hand an ignored SIGINT down, and the .NET runtime installs no handler for a
    /// signal that is ignored. It checks when the first handler is registered, so this comes first.
    /// </remarks>
    public static void Accept()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetDisposition(SigInt, 0);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(Interrupted);
        _source.Cancel();

        // Each signal has its own background thread. As long as it stays here, the engine does not receive the
        // signal, and does not end the build while the verb is running.
        _never.Wait();
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetDisposition(int signal, nint disposition);
}
