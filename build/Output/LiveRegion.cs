using System.Runtime.InteropServices;
using System.Text;

namespace Output;

/// <summary>
/// The last lines of a terminal, redrawn in place, or an alternate screen. Each of the last lines stays as it was
/// written when the terminal is resized, and wraps where it is too long: the number of rows is
/// recomputed from the current width.
/// </summary>
/// <param name="writer">The terminal.</param>
/// <param name="size">Tells its present columns and rows.</param>
/// <param name="isScreen">Whether it is an alternate screen.</param>
internal sealed class LiveRegion(TextWriter writer, Func<(int Width, int Height)> size, bool isScreen = false) : IDisposable
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string EnterScreen = "\e[?1049h";
    private const string LeaveScreen = "\e[?1049l";
    private const string Home = "\e[H";
    private const string EraseLine = "\r\e[2K";
    private const string EraseBelow = "\e[J";

    private readonly Lock _lock = new();
    private readonly List<int> _drawn = [];
    private (string Lines, int Width, int Height) _last;
    private Suspension? _suspension;
    private bool _hasBegun;
    private bool _isSuspended;

    // Rows that scrolled off when the terminal became lower, and return when it becomes higher.
    private int _above;

    /// <summary>Starts; the cursor is restored even when the process is killed, as after a second Ctrl-C.</summary>
    public static LiveRegion Begin(TextWriter writer, Func<(int Width, int Height)> size) => new LiveRegion(writer, size).Begin();

    /// <summary>
    /// Starts an alternate screen. Regardless of resizing, nothing of it stays, and the previous content is restored
    /// at its end.
    /// </summary>
    public static LiveRegion BeginScreen(TextWriter writer, Func<(int Width, int Height)> size) =>
        new LiveRegion(writer, size, isScreen: true).Begin();

    /// <summary>Redraws the lines.</summary>
    /// <param name="draw">Creates the lines for a number of columns and rows; what does not fit is truncated.</param>
    public void Draw(Func<int, int, IEnumerable<InkLine>> draw)
    {
        lock (_lock)
        {
            if (!_isSuspended)
                DrawNow(draw);
        }
    }

    private void DrawNow(Func<int, int, IEnumerable<InkLine>> draw)
    {
        var (width, height) = size();

        // The cursor is in the row after the last line.
        var rows = Math.Max(1, height - 1);
        var lines = new StringBuilder();
        var widths = new List<int>();
        foreach (var line in draw(width, rows).Take(rows))
        {
            var cut = line.Cut(width);
            lines.Append(EraseLine).Append(cut.ToText(hasColors: true)).Append('\n');
            widths.Add(cut.Width);
        }

        var frame = (lines.ToString(), width, height);
        if (frame == _last)
            return;
        writer.Write(Up(width, height) + frame.Item1 + EraseBelow);
        writer.Flush();
        _last = frame;
        _drawn.Clear();
        _drawn.AddRange(widths);
    }

    /// <summary>Takes the lines away.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_isSuspended)
                return;
            var (width, height) = size();
            writer.Write(Up(width, height) + EraseBelow);
            _drawn.Clear();
            _last = default;
            writer.Flush();
        }
    }

    /// <summary>
    /// Keeps what is drawn, removes the ^C that a terminal writes after it, and shows the cursor.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_hasBegun)
                return;
            _hasBegun = false;
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            if (!_isSuspended)
                Leave();
        }

        _suspension!.Dispose();
    }

    private LiveRegion Begin()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _suspension = new Suspension(() => WhileBegun(Suspend), () => WhileBegun(Enter));
        _hasBegun = true;
        Enter();
        return this;
    }

    private void WhileBegun(Action act)
    {
        lock (_lock)
        {
            if (_hasBegun)
                act();
        }
    }

    private void Suspend()
    {
        _isSuspended = true;
        Leave();
    }

    /// <summary>The next drawing starts at the cursor, below what a shell has written meanwhile.</summary>
    private void Enter()
    {
        _isSuspended = false;
        _drawn.Clear();
        _last = default;
        _above = 0;
        writer.Write((isScreen ? EnterScreen : "") + HideCursor);
        writer.Flush();
    }

    private void Leave()
    {
        writer.Write((isScreen ? LeaveScreen : "\r" + EraseBelow) + ShowCursor);
        writer.Flush();
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    /// <summary>Goes to its first row; where that is above the screen, to the first one of the screen.</summary>
    private string Up(int width, int height)
    {
        if (isScreen)
            return Home;
        var rows = 0;
        foreach (var drawn in _drawn)
            rows += Math.Max(1, (drawn + width - 1) / width);
        var back = Math.Min(_above, Math.Max(0, height - _last.Height));
        _above += Math.Max(0, rows - Math.Max(1, height - 1)) - back;
        return rows + back == 0 ? "\r" : $"\r\e[{rows + back}A";
    }
}

/// <summary>
/// Releases the terminal when the program is stopped with Ctrl-Z, and takes it again when it continues. On Windows nothing
/// stops a program so.
/// </summary>
internal sealed class Suspension : IDisposable
{
    private static readonly int SigTstp = OperatingSystem.IsLinux() ? 20 : 18;

    private readonly Lock _lock = new();
    private readonly Action _leave;
    private readonly Action _enter;
    private PosixSignalRegistration? _registration;
    private bool _isDisposed;

    /// <summary>Waits for it.</summary>
    /// <param name="leave">Gives the terminal back.</param>
    /// <param name="enter">Takes it again.</param>
    public Suspension(Action leave, Action enter)
    {
        (_leave, _enter) = (leave, enter);
        Register();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _registration?.Dispose();
        }
    }

    private void Register()
    {
        lock (_lock)
        {
            if (!_isDisposed && !OperatingSystem.IsWindows())
                _registration = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStop);
        }
    }

    private void OnStop(PosixSignalContext signal)
    {
        signal.Cancel = true; // the runtime, which would otherwise ignore it, leaves it to this
        new Thread(Stop) { IsBackground = true, Name = "Ctrl-Z" }.Start();
    }

    /// <summary>Performs the default action of the signal, which is none if no shell could continue the program.</summary>
    private void Stop()
    {
        _leave();
        lock (_lock)
            _registration?.Dispose();
        _ = Raise(SigTstp);
        Register();
        _enter();
    }

    [DllImport("libc", EntryPoint = "raise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Raise(int signal);
}

/// <summary>Shows updates on an alternate screen, at the terminal's current size.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Draws the latest value until the end; the last one stays in the terminal.</summary>
    /// <param name="draw">Makes the lines of one.</param>
    /// <param name="surface">The terminal.</param>
    /// <param name="time">Paces it.</param>
    public static async Task ShowAsync<T>(
        IAsyncEnumerable<T> values, Func<SurfaceTraits, T, IEnumerable<InkLine>> draw, Surface surface, TimeProvider time,
        CancellationToken cancellation)
        where T : class
    {
        T? last = null;
        try
        {
            using var screen = LiveRegion.BeginScreen(surface.Writer, surface.Measure);
            await RepeatAsync(values, Draw, time, cancellation);

            void Draw(T value)
            {
                last = value;
                screen.Draw((width, rows) => Fit([.. draw(surface.Traits with { Width = width, Height = rows }, value)], rows));
            }
        }
        finally
        {
            if (last is not null)
                surface.Write(draw(surface.Traits with { Width = surface.Measure().Width }, last));
        }
    }

    /// <summary>Repeats each value until the next one arrives, because the terminal may be resized.</summary>
    private static async Task RepeatAsync<T>(
        IAsyncEnumerable<T> values, Action<T> take, TimeProvider time, CancellationToken cancellation)
        where T : class
    {
        T? last = null;
        using var timer = new PeriodicTimer(Interval, time);
        await using var next = values.GetAsyncEnumerator(cancellation);
        var moving = next.MoveNextAsync().AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (true)
        {
            await Task.WhenAny(moving, tick);
            if (tick.IsCompleted)
                tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            if (moving.IsCompleted)
            {
                if (!await moving)
                    return;
                last = next.Current;
                moving = next.MoveNextAsync().AsTask();
            }

            if (last is not null)
                take(last);
        }
    }

    /// <summary>As many lines as there are rows; the last shows how many are omitted.</summary>
    public static IEnumerable<InkLine> Fit(IReadOnlyList<InkLine> lines, int rows) => lines.Count <= rows
        ? lines
        : [.. lines.Take(rows - 1), new InkLine(($"… {lines.Count - rows + 1} more lines", Ink.Faint))];
}
