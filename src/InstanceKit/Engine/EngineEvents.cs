using System.Net.Sockets;
using InstanceKit.Platform;

namespace InstanceKit.Engine;

/// <summary>Listens to the engine's events on the containers of a project.</summary>
/// <remarks>
/// Events only trigger a new observation. Without events, observe at intervals.
/// </remarks>
internal sealed class EngineEvents : IDisposable
{
    // Of health checks only the results: each also emits three events for its own process.
    private const string Actions = "\"create\",\"start\",\"restart\",\"die\",\"destroy\",\"health_status\",\"pause\",\"unpause\"";

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _happened = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly EngineHttpClient _engine;
    private readonly string _path;
    private Stream? _stream;
    private volatile bool _isDisposed;
    private volatile int _count;
    private volatile bool _isHeard;

    /// <summary>Begins to listen.</summary>
    /// <param name="label">The label of the containers, <c>name</c> or <c>name=value</c>.</param>
    public EngineEvents(EngineEndpoint endpoint, string label)
    {
        _engine = new EngineHttpClient(endpoint, _end.Token);
        _path = "/events?filters=" + Uri.EscapeDataString($$"""{"type":["container"],"label":["{{label}}"],"event":[{{Actions}}]}""");
        new Thread(Listen) { IsBackground = true, Name = "engine events" }.Start();
    }

    /// <summary>
    /// The number of events so far; <see langword="null"/> while not connected.
    /// </summary>
    public int? Count => _isHeard ? _count : null;

    /// <summary>Waits for an event since the last wait, or for a timeout.</summary>
    /// <param name="limit">The longest wait.</param>
    /// <returns>Whether something happened.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (!await _happened.WaitAsync(limit, cancellation))
            return false;
        while (_happened.Wait(0, CancellationToken.None))
        {
            // Several events, one observation.
        }

        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        _end.Cancel(); // not disposed: the thread may be about to use it
        _stream?.Dispose();
    }

    private void Listen()
    {
        // A restarted engine has lost its listeners.
        for (; !_isDisposed; _end.Token.WaitHandle.WaitOne(AgainAfter))
            ListenOnce();
    }

    private void ListenOnce()
    {
        var buffer = new byte[4096];
        try
        {
            _stream = _engine.Open(_path);
            if (_isDisposed)
                _stream.Dispose();
            Signal(); // earlier events were missed
            _isHeard = true;
            while (!_isDisposed && _stream.Read(buffer) > 0)
                Signal();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or TimeoutException or OperationCanceledException or InvalidDataException
            or UnauthorizedAccessException or System.Security.Authentication.AuthenticationException)
        {
            // The engine has stopped, or listening was cancelled.
        }

        _isHeard = false;
    }

    private void Signal()
    {
        Interlocked.Increment(ref _count);
        _happened.Release();
    }
}
