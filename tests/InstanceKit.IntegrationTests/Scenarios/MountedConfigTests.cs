using System.Runtime.Versioning;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A reverse proxy in a container routes, by its mounted configuration, to the apps on the host.</summary>
public sealed class MountedConfigTests : Scenario
{
    private const string Proxy = """
        import http.server, re, sys, urllib.request
        routes = re.findall(r'location (\S+) \{ proxy_pass (\S+); \}', ''.join(open(name).read() for name in sys.argv[1:]))
        class Proxy(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                origin = next(origin for path, origin in sorted(routes, reverse=True) if self.path.startswith(path))
                with urllib.request.urlopen(origin + self.path, timeout=10) as answer:
                    body = answer.read()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(('', 8000), Proxy).serve_forever()
        """;

    private const string Routes = """
        # The way to the apps, which run on the host.
        location / { proxy_pass http://host.docker.internal:5173; }
        location /api/ { proxy_pass http://host.docker.internal:3211; }

        """;

    private const string Conf = "docker/proxy/conf.d/default.conf";

    // Not root, so that a file that only its owner may read would show.
    private static readonly TinyStack Proxied = TinyStack.With(
        """
          proxy:
            image: ${TOOLS_IMAGE}
            user: "65534:65534"
            command: [python3, -B, -u, /opt/proxy.py, /etc/proxy/conf.d/default.conf, /etc/more.conf]
            configs: [{source: more, target: /etc/more.conf}]
            ports: ["8088:8000"]
            extra_hosts: ["host.docker.internal:host-gateway"]
            volumes:
              - ./proxy/conf.d:/etc/proxy/conf.d:ro
              - ./proxy/proxy.py:/opt/proxy.py:ro
        """) with { Frontend = OnAllAddresses, Backend = OnAllAddresses };

    private static readonly TinyStack Stack = Proxied with
    {
        Compose = Proxied.Compose + "configs:\n  more: {file: ./proxy/more.conf}\n",
    };

    private static string OnAllAddresses => TinyStack.Server.Replace("'127.0.0.1'", "'0.0.0.0'", StringComparison.Ordinal);

    [Fact]
    public async Task The_proxy_of_each_instance_serves_its_own_apps()
    {
        var workspace = await CreateProxiedAsync();
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());
        await Task.WhenAll(workspace.UpAsync(one), workspace.UpAsync(two));

        foreach (var instance in new[] { one, two })
        {
            Assert.Equal(instance.FrontendPort, await PortBehindAsync(instance, "/"));
            Assert.Equal(instance.BackendPort, await PortBehindAsync(instance, "/api/"));
            Assert.Equal(instance.BackendPort, await PortBehindAsync(instance, "/more/"));
        }

        Assert.Equal(Routes, await File.ReadAllTextAsync(workspace.PathOf(Conf), Cancellation));

        // A change of the workspace's file reaches the container, which would otherwise keep the old one.
        workspace.Write(Conf, Routes.Replace("/api/", "/v1/", StringComparison.Ordinal));
        var up = await workspace.RunJsonAsync(0, "Up", one);
        Assert.Contains(up.OperationsOf(one), o => o.Contains(Conf, StringComparison.Ordinal));
        Assert.Equal(one.BackendPort, await PortBehindAsync(one, "/v1/"));
        Assert.Equal(two.BackendPort, await PortBehindAsync(two, "/api/"));
    }

    [Fact]
    public async Task An_edited_copy_is_kept()
    {
        var workspace = await CreateProxiedAsync();
        var instance = workspace.TakeInstance();
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        var copy = instance.FileOf("config/proxy/etc/proxy/conf.d/default.conf");
        await File.AppendAllTextAsync(copy, "# mine\n", Cancellation);

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Contains("default.conf was edited", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(copy, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_text_that_may_be_configuration_is_copied_and_keeps_its_form()
    {
        const string address = "a = host.docker.internal:3211\r\n";
        var stack = TinyStack.With(
            """
              box:
                image: ${TOOLS_IMAGE}
                volumes:
                  - ./files:/files:ro
                  - ./odd.bin:/odd.bin
                  - ./start:/start
                  - ./files/b.ini:/files/b.ini
                  - ../backend:/source
                  - ./data:/var/lib/box
            """);
        var workspace = await CreateWorkspaceAsync(stack);
        workspace.Write("docker/files/a.ini", "\uFEFF" + address);
        workspace.Write("docker/files/b.ini", address);
        workspace.Write("docker/files/deep/conf/plain", address);
        workspace.Write("docker/files/page.html", address);
        workspace.Write("docker/files/node_modules/c.ini", address);
        workspace.Write("docker/files/large.ini", address + new string('#', 1 << 20));
        workspace.Write("docker/files/none.ini", "a = db.example.com:3211\n");
        workspace.Write("docker/data/d.conf", address);
        workspace.Write("docker/start", "#!/bin/sh\nexec curl http://host.docker.internal:3211\n");
        workspace.Write("backend/package.json", "{}");
        workspace.Write("backend/e.json", address);
        await File.WriteAllBytesAsync(workspace.PathOf("docker/odd.bin"), [0xff, 0xfe, 0, .. "host.docker.internal:3211"u8], Cancellation);
        File.SetUnixFileMode(workspace.PathOf("docker/start"), (UnixFileMode)0b111_101_101);
        var instance = workspace.TakeInstance();

        await workspace.RunJsonAsync(0, "InitInstance", instance);

        var folder = instance.FileOf("config/box");
        Assert.Equal(
            ["files/a.ini", "files/b.ini", "files/deep/conf/plain", "start"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        Assert.Equal(
            $"\uFEFFa = host.docker.internal:{instance.BackendPort}\r\n",
            System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(folder, "files/a.ini"), Cancellation)));
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(Path.Combine(folder, "files/b.ini")));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Path.Combine(folder, "start")));
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "InitInstance", instance)).OutcomeOf(instance));
    }

    private async Task<TinyWorkspace> CreateProxiedAsync()
    {
        var workspace = await CreateWorkspaceAsync(Stack);
        workspace.Write("docker/proxy/proxy.py", Proxy);
        workspace.Write("docker/proxy/more.conf", Routes.Replace("/api/", "/more/", StringComparison.Ordinal));
        workspace.Write(Conf, Routes);
        return workspace;
    }

    /// <summary>The port of the app that answers through the proxy.</summary>
    private static async Task<int> PortBehindAsync(TestInstance instance, string path)
    {
        var container = (await instance.ContainersAsync()).Single(c => c.Service == "proxy");
        var address = (await TestEngine.RunAsync("port", container.Id, "8000/tcp")).Trim();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        string? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await client.GetStringAsync(new Uri($"http://{address}{path}"), Cancellation);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"the proxy of instance {instance.Number} answers at {path}");
        return (int)System.Text.Json.Nodes.JsonNode.Parse(answer!)!["port"]!;
    }
}
