using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using CliWrap;

namespace InstanceKit.Platform;

/// <summary>A program that responds to each line on standard input with one on standard output, until its input ends.</summary>
internal sealed class LineProgram : IDisposable
{
    private readonly Pipe _questions = new();
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _interrupt = new();
    private readonly Task<ProcessResult> _end;

    /// <summary>Starts it.</summary>
    /// <param name="spec">What to run. Its time limit is that of the whole run.</param>
    public LineProgram(ProcessSpec spec) => _end = RunAsync(spec);

    /// <summary>Lets it exit, without waiting.</summary>
    public void Dispose() => _questions.Writer.Complete();

    /// <summary>Interrupts it.</summary>
    public void Interrupt() => _interrupt.Cancel();

    /// <summary>Puts a question. One after the other.</summary>
    /// <param name="line">The question.</param>
    /// <param name="cancellation">Ends the wait; a response may still arrive, so no further request is possible.</param>
    /// <returns>The response, or how it exited.</returns>
    /// <exception cref="InstanceKitException">It is not installed.</exception>
    public async Task<(string? Answer, ProcessResult? End)> AskAsync(string line, CancellationToken cancellation)
    {
        await _questions.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
        while (await _answers.Reader.WaitToReadAsync(cancellation))
        {
            if (_answers.Reader.TryRead(out var answer))
                return (answer, null);
        }

        return (null, await _end);
    }

    private async Task<ProcessResult> RunAsync(ProcessSpec spec)
    {
        try
        {
            return await ProcessRunner.RunAsync(
                spec,
                PipeSource.FromStream(_questions.Reader.AsStream()),
                PipeTarget.ToDelegate(line => _answers.Writer.TryWrite(line)),
                PipeTarget.Null,
                _interrupt.Token);
        }
        finally
        {
            _answers.Writer.Complete();
        }
    }
}
