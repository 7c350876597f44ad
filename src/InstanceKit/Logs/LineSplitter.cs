namespace InstanceKit.Logs;

/// <summary>Splits a stream of bytes into lines.</summary>
/// <remarks>Bytes, not text: a character may be split, but a line feed is never part of one.</remarks>
/// <param name="longest">The longest line in bytes; a longer one is cut, so that no program can fill the memory.</param>
public sealed class LineSplitter(int longest = 1 << 20)
{
    private readonly List<byte> _rest = [];

    /// <summary>Appends bytes, and returns the lines that they complete, without line feeds.</summary>
    public IEnumerable<byte[]> Push(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var taken = Math.Min(end < 0 ? bytes.Length : end, longest - _rest.Count);
            _rest.AddRange(bytes.Span[..taken]);
            var isWhole = taken == end;
            bytes = bytes[(isWhole ? taken + 1 : taken)..];
            if (isWhole || _rest.Count == longest)
                yield return Take();
        }
    }

    /// <summary>The line that has no line feed yet; <see langword="null"/> when there is none.</summary>
    public byte[]? TakeRest() => _rest.Count == 0 ? null : Take();

    private byte[] Take()
    {
        var line = _rest.ToArray();
        _rest.Clear();
        return line;
    }
}
