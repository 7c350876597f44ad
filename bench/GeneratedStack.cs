using System.Text;
using InstanceKit.Models;

namespace Bench;

/// <summary>A workspace of the built-in layout with as many services as are wanted, in a folder of its own.</summary>
internal sealed class GeneratedStack : IDisposable
{
    /// <summary>The services of the built-in stack, each with its ports.</summary>
    private static readonly (string Name, int[] Ports)[] Named =
    [
        ("postgres", [5433]), ("redis", [6379]), ("minio", [9000, 9001]), ("temporal", [7233]), ("temporal-ui", [8081]),
        ("loki", [3100]), ("redpanda", [9092]), ("redpanda-console", [8082]),
    ];

    private static readonly string[] Apps = ["frontend", "backend", "worker"];
    private static readonly int[] AppPorts = [5173, 3211];
    private const int Stride = 100;
    private const int FirstFurtherPort = 20_000;

    private GeneratedStack(string folder, int services)
    {
        Folder = folder;
        Services = services;
    }

    /// <summary>The workspace's absolute path.</summary>
    public string Folder { get; }

    /// <summary>How many services it has.</summary>
    public int Services { get; }

    /// <summary>The compose file's absolute path.</summary>
    public string ComposeFile => Path.Combine(Folder, "docker", "docker-compose.infra.yml");

    /// <summary>Makes one.</summary>
    public static GeneratedStack Create(int services)
    {
        var stack = new GeneratedStack(Directory.CreateTempSubdirectory("ik-bench-").FullName, services);
        // A registry of its own: what an earlier stack has left in it would be an orphan that holds the numbers.
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(stack.Folder, ".state"));
        stack.Write("docker/docker-compose.infra.yml", stack.Compose());
        stack.Write("docker/common.env", "LOG_LEVEL=info\nREGION=eu\n");
        stack.Write(".env", "IMAGE_TAG=1\n");
        foreach (var app in Apps)
            stack.Write($"{app}/.env", $"# {app}\nDATABASE_URL=postgresql://me:secret@localhost:5433/{app}\nBROKERS=localhost:9092\n");
        return stack;
    }

    /// <summary>
    /// The first instance numbers of which no two have a port in common: 7233 of instance 0 is 5433 of instance 18.
    /// </summary>
    public static IReadOnlyList<int> Numbers(int count)
    {
        var ports = Named.SelectMany(s => s.Ports).Concat(AppPorts).ToList();
        var apart = ports.SelectMany(a => ports, (a, b) => a - b).Where(d => d > 0 && d % Stride == 0).Select(d => d / Stride).ToHashSet();
        var result = new List<int>();
        for (var number = 0; result.Count < count; number++)
        {
            if (!result.Any(n => apart.Contains(number - n)))
                result.Add(number);
        }

        return result;
    }

    /// <summary>Forgets all instances.</summary>
    public void Clear()
    {
        var instances = Path.Combine(Folder, ".instances");
        if (Directory.Exists(instances))
            Directory.Delete(instances, recursive: true);
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Compose()
    {
        var text = new StringBuilder("services:\n");
        var all = Named.Concat(FurtherPorts().Select((p, i) => ($"service-{i}", new[] { p }))).Take(Services).ToList();
        foreach (var (name, ports) in all)
        {
            text.Append($"""
                  {name}:
                    image: example.invalid/{name}:${"{IMAGE_TAG:-1}"}
                    container_name: bench-{name}
                    restart: unless-stopped
                    env_file: [common.env]
                    environment:
                      ADVERTISED: "localhost:{ports[0]}"
                      PASSWORD: "${"{BENCH_PASSWORD:-secret}"}"
                    ports: [{string.Join(", ", ports.Select(p => $"\"{p}:{p}\""))}]
                    volumes: ["{name}_data:/data"]
                    healthcheck:
                      test: ["CMD", "check", "--port", "{ports[0]}"]
                      interval: 5s
                      retries: 10

                """);
        }

        text.Append("volumes:\n");
        foreach (var (name, _) in all)
            text.Append($"  {name}_data:\n");
        return text.ToString();
    }

    /// <summary>Ports that meet no other one of the stack in any instance: none is a multiple of the stride away.</summary>
    private static IEnumerable<int> FurtherPorts()
    {
        var taken = Named.SelectMany(s => s.Ports).Concat(AppPorts).Select(p => p % Stride).ToHashSet();
        return Enumerable.Range(FirstFurtherPort, Stride).Where(p => !taken.Contains(p % Stride));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
