namespace InstanceKit.Drivers;

/// <summary>A pool of idle, loaded PM2 clients; no larger than were used concurrently.</summary>
public sealed class Pm2Clients : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stack<Pm2Client>> _idle = new(StringComparer.Ordinal);
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
                _idle[home] = new Stack<Pm2Client>([new Pm2Client(program, home)]);
        }
    }

    /// <summary>Lets a client of a home work. One that fails is not used again.</summary>
    internal async Task<T> UseAsync<T>(Pm2Program program, string home, Func<Pm2Client, Task<T>> work)
    {
        Pm2Client? client;
        lock (_lock)
        {
            if (!_idle.TryGetValue(home, out var idle))
                idle = _idle[home] = new Stack<Pm2Client>();
            if (!idle.TryPop(out client))
                client = new Pm2Client(program, home);
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
