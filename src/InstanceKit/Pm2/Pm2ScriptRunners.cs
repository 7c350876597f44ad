namespace InstanceKit.Pm2;

/// <summary>A pool of idle, loaded PM2 clients; no larger than were used concurrently.</summary>
public sealed class Pm2ScriptRunners : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stack<Pm2ScriptRunner>> _idle = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Stops all of them.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var client in _idle.Values.SelectMany(c => c))
                client.Dispose();
            _idle.Clear();
        }
    }

    /// <summary>Begins to load one for a home unless one is there.</summary>
    internal void Prepare(Pm2Program program, string home)
    {
        lock (_lock)
        {
            if (!_idle.ContainsKey(home))
                _idle[home] = new Stack<Pm2ScriptRunner>([new Pm2ScriptRunner(program, home)]);
        }
    }

    /// <summary>Lets a client of a home work. One that fails is not used again.</summary>
    internal async Task<T> UseAsync<T>(Pm2Program program, string home, Func<Pm2ScriptRunner, Task<T>> work)
    {
        Pm2ScriptRunner? client;
        lock (_lock)
        {
            if (!_idle.TryGetValue(home, out var idle))
                idle = _idle[home] = new Stack<Pm2ScriptRunner>();
            if (!idle.TryPop(out client))
                client = new Pm2ScriptRunner(program, home);
        }

        var isUsable = false;
        try
        {
            var result = await work(client);
            isUsable = true;
            return result;
        }
        finally
        {
            lock (_lock)
            {
                if (isUsable && !_isClosed)
                    _idle[home].Push(client);
                else
                    client.Dispose();
            }
        }
    }
}
