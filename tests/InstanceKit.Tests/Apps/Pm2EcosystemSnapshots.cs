using InstanceKit.Apps;
using Xunit;

namespace InstanceKit.Tests.Apps;

/// <summary>Whole ecosystems of instance 1, as PM2 gets them.</summary>
public sealed class Pm2EcosystemSnapshots
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Environments = new()
    {
        ["frontend"] = new Dictionary<string, string> { ["VITE_TITLE"] = "Studio <dev> & “more”" },
        ["backend"] = new Dictionary<string, string> { ["DATABASE_URL"] = "postgresql://studio:s3cret@localhost:5533/studio" },
        ["worker"] = new Dictionary<string, string> { ["EMPTY"] = "", ["LINES"] = "one\ntwo" },
    };

    [Fact]
    public void Generated() => Snapshot.Verify(Ecosystem(config: null), "json");

    [Fact]
    public void Overlaid() => Snapshot.Verify(Ecosystem(
        """
        [
          {
            "name": "shipsec-backend-1", "cwd": "/home/dev/studio/backend", "script": "npm", "args": "run dev",
            "interpreter": "none", "env_file": ".instances/instance-1/backend.env", "watch": ["src"],
            "env": {
              "PORT": 3311, "DEBUG": true, "NOTHING": null, "NODE_ENV": "test",
              "TERMINAL_REDIS_URL": "redis://localhost:6479", "LOKI_URL": "http://localhost:3100",
              "CORS_ORIGINS": "http://localhost:5173,https://studio.example.com", "NESTED": { "a": 1 }
            },
            "max_memory_restart": "500M", "restart_delay": 500
          },
          { "name": "shipsec-worker", "cwd": "worker", "script": "src/main.js", "out_file": "w.log", "pid_file": "w.pid" },
          { "name": "frontend", "script": "npm", "args": ["run", "dev"], "env": { "VITE_API_URL": "http://localhost:3211" } },
          { "name": "shipsec-test-worker", "script": "src/main.js" }
        ]
        """), "json");

    private static string Ecosystem(string? config) => Pm2Ecosystem.Create(
        Studio.Spec(1), Studio.Ports(1), [.. Studio.Stack.Apps.Select(a => Studio.AppPlan(1, a.Name))], Environments, config).Json;
}
