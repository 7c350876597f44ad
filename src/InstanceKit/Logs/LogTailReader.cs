namespace InstanceKit.Logs;

/// <summary>What becomes of a last line that has no line feed yet.</summary>
internal enum Rest
{
    /// <summary>Return it as a line.</summary>
    Take,

    /// <summary>Keep it until it is complete.</summary>
    Keep,
}

/// <summary>An open log file, and how far it was read.</summary>
internal sealed class LogTailReader : IDisposable
{
    private const int BlockSize = 64 * 1024;
    private const int HeadSize = 256;
    private readonly FileStream _stream;
    private LineSplitter _splitter = new();

    private LogTailReader(FileStream stream) => _stream = stream;

    /// <summary>Opens the file, letting others write, rename and delete it; <see langword="null"/> when there is none.</summary>
    /// <exception cref="InstanceKitException">This user may not read it.</exception>
    public static LogTailReader? TryOpen(string path)
    {
        try
        {
            return new LogTailReader(Open(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InstanceKitException(ExitCode.Failed, $"Could not read the log file '{path}': {e.Message}", null, e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    /// <summary>Seeks to the start of the last lines.</summary>
    /// <param name="count">How many; <see langword="null"/> for all.</param>
    /// <returns>The stamp of the nearest stamped line in the block before them, if there is one.</returns>
    public DateTimeOffset? SeekLastLines(int? count)
    {
        if (count is null)
            return null;
        var start = FindLastLines(count.Value);
        var from = Math.Max(0, start - BlockSize);
        var before = ReadAt(from, (int)(start - from));
        _stream.Position = start;
        DateTimeOffset? stamp = null;
        foreach (var line in new LineSplitter().Push(before))
            stamp = LogText.ReadPm2(line).Timestamp ?? stamp;
        return stamp;
    }

    /// <summary>The lines from the last position to the current end. A truncated file is read from the start.</summary>
    /// <param name="rest">What becomes of a last line without a line feed.</param>
    public IEnumerable<byte[]> ReadLines(Rest rest)
    {
        if (_stream.Length < _stream.Position)
        {
            _stream.Position = 0;
            _splitter = new LineSplitter();
        }

        var block = new byte[BlockSize];
        for (var read = _stream.Read(block); read > 0; read = _stream.Read(block))
        {
            foreach (var line in _splitter.Push(block.AsMemory(0, read)))
                yield return line;
        }

        if (rest == Rest.Take && _splitter.TakeRest() is { } last)
            yield return last;
    }

    /// <summary>Whether the path leads to another file by now. One that is gone is not replaced yet.</summary>
    /// <remarks>.NET does not expose inodes, but every log starts with a unique timestamp, so the first bytes identify a file.</remarks>
    public bool IsReplacedBy(string path)
    {
        var now = new FileInfo(path);
        if (!now.Exists || (now.Length == _stream.Length && now.LastWriteTimeUtc == File.GetLastWriteTimeUtc(_stream.SafeFileHandle)))
            return false;
        using var other = TryOpen(path);
        if (other is null)
            return false;
        if (_stream.Length == 0)
            return true; // empty files can't be distinguished, and reopening loses nothing
        var size = (int)Math.Min(HeadSize, Math.Min(_stream.Length, other._stream.Length));
        var mine = ReadAt(0, size);
        return other._stream.Length < _stream.Position && _stream.Length >= _stream.Position
            || !mine.AsSpan().SequenceEqual(other.ReadAt(0, size));
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private long FindLastLines(int count)
    {
        var end = _stream.Length;
        if (count == 0)
            return end;

        // The line feed of the last line does not start another.
        var wanted = count + (end > 0 && ReadAt(end - 1, 1) is [(byte)'\n'] ? 1 : 0);
        for (var blockEnd = end; blockEnd > 0; blockEnd -= BlockSize)
        {
            var from = Math.Max(0, blockEnd - BlockSize);
            var block = ReadAt(from, (int)(blockEnd - from));
            for (var at = block.Length - 1; at >= 0; at--)
            {
                if (block[at] == '\n' && --wanted == 0)
                    return from + at + 1;
            }
        }

        return 0;
    }

    // Does not move the position; returns less when the file was truncated meanwhile.
    private byte[] ReadAt(long offset, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        for (int more; read < count; read += more)
        {
            more = RandomAccess.Read(_stream.SafeFileHandle, bytes.AsSpan(read), offset + read);
            if (more == 0)
                break;
        }

        return bytes[..read];
    }
}
