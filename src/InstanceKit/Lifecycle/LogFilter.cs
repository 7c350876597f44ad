using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using InstanceKit.Drivers;

namespace InstanceKit.Lifecycle;

/// <summary>Leaves out the lines that nobody asked for.</summary>
/// <param name="until">The moment behind which lines are left out; <see langword="null"/> for none.</param>
/// <param name="grep">What a line must hold; <see langword="null"/> for anything.</param>
internal sealed class LogFilter(DateTimeOffset? until, Regex? grep)
{
    /// <summary>Of lines in order of time those that are wanted; it ends with the first one behind the last moment.</summary>
    public async IAsyncEnumerable<LogLine> ApplyAsync(
        IAsyncEnumerable<LogLine> lines, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (IsInTime(line) && (grep is null || grep.IsMatch(line.Text)))
                yield return line;
        }
    }

    /// <summary>The last lines of one source up to the last moment, before the pattern is looked for in them.</summary>
    public async IAsyncEnumerable<LogLine> LastAsync(
        IAsyncEnumerable<LogLine> lines, int count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var last = new Queue<LogLine>();
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (!IsInTime(line))
                continue;
            last.Enqueue(line);
            if (last.Count > count)
                last.Dequeue();
        }

        foreach (var line in last)
            yield return line;
    }

    private bool IsInTime(LogLine line) => until is not { } end || line.Timestamp <= end;
}
