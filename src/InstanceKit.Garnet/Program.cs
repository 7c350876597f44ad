using System.Runtime.InteropServices;
using System.Text.Json;
using Garnet;

// A Redis for one instance: Garnet, sized for a developer's machine, told what to do by one variable of JSON.
var settings = JsonDocument.Parse(Environment.GetEnvironmentVariable("INSTANCEKIT_SERVICE")
    ?? throw new InvalidOperationException("INSTANCEKIT_SERVICE is not set; InstanceKit sets it.")).RootElement;
Environment.SetEnvironmentVariable("INSTANCEKIT_SERVICE", null);
var data = settings.GetProperty("data").GetString()!;
var password = settings.GetProperty("password").GetString();
Directory.CreateDirectory(data);

string[] arguments =
[
    "--bind", settings.GetProperty("address").GetString()!,
    "--port", settings.GetProperty("port").GetRawText(),
    "-q",
    // The defaults are those of a server machine: 16 GB of log, 128 MB of index.
    "--memory", "256m", "--page", "4m", "--index", "4m",
    "--aof", "--aof-memory", "32m", "--aof-page-size", "8m", "--aof-commit-freq", "100",
    "--recover", "--checkpointdir", data, "--lua",
    // The native device needs a libaio that many systems lack.
    "--device-type", "RandomAccess",
    // Instances may share it: each has a database of its own and, where nobody has to log in, a user.
    "--max-databases", "256",
    .. password is null ? ["--auth", "ACL"] : new[] { "--auth", "Password", "--password", password },
];

using var server = new GarnetServer(arguments);
using var ended = new ManualResetEventSlim();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
server.Start();
Console.WriteLine($"garnet: serving {data} on port {settings.GetProperty("port").GetRawText()}");
ended.Wait();
await server.Store.WaitForCommitAsync();

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ended.Set();
}
