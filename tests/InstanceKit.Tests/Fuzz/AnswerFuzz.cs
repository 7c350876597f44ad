using System.Text;
using System.Text.Json;
using CsCheck;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Pm2;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Fuzz;

/// <summary>Whatever stands in our own files, and whatever the engine and PM2 answer, its reader gives a result or a reason.</summary>
public sealed class AnswerFuzz
{
    private static readonly string[] JsonWords =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "0", "-1", "65536", "2147483648", "1e400", "1.5", "\"a\"", "{}", "[]", "[null]", "\"\\ud800\"", "\\", "[[[[[[[[", "{\"a\":",
        "\"version\":1", "\"port\":0", "\"Id\":null",
    ];

    private static readonly string[] Records =
    [
        """
        {"version":1,"project":"shipsec-1","ports":{"instance":1,"assignments":[{"name":"REDIS","label":"Redis","basePort":6379,"port":6479,"owner":{"kind":"service","name":"redis"},"scheme":null,"protocol":"tcp","count":1,"reason":"x"}]},
        "subnets":{"instance":1,"assignments":[{"network":"n","baseRange":"10.0.0.0/24","range":"10.0.1.0/24"}]},"footprint":{"ports":["tcp/6479"],"names":["a"],"subnets":[]},"services":["redis"],"files":{"a.env":"0"},"madeFrom":{"a":"b"},
        "kept":{"a":{"madeFrom":{},"shown":"x"}},"appliedModel":"x","pm2Home":"/h","infra":"embedded","embedded":[{"service":"redis","processName":"p","port":6479,"skipped":null,"serves":[6379]}]}
        """,
        """{"version":1,"project":"p","ports":{"instance":0,"assignments":[]},"services":[],"files":{}}""",
    ];

    private static readonly string[] Leases =
    [
        """
        {"version":1,"leases":[{"workspace":"/w","project":"p-1","stack":"p","number":1,"footprint":{"ports":["tcp/6479"],"names":[],"subnets":[]},"pm2Home":"/h","infra":"compose","created":"2026-01-01T00:00:00+00:00","isAuto":false,"movedFrom":null}]}
        """,
        """{"version":1,"leases":[]}""", """{"version":2,"leases":[]}""", "[null]", """{"version":1,"leases":[null]}""", "",
    ];

    private static readonly string[] Containers =
    [
        """
        [{"Id":"0123456789abcdef","Names":["/p-redis-1"],"State":"running","Labels":{"com.docker.compose.project":"p","com.docker.compose.service":"redis","com.docker.compose.oneoff":"False"}}]
        """,
        """
        {"Id":"0123456789abcdef","Name":"/p-redis-1","RestartCount":3,"State":{"Status":"running","ExitCode":0,"Error":"","Pid":7,"StartedAt":"2026-01-01T00:00:00.5Z","Health":{"Status":"healthy"}},
        "Config":{"Labels":{"com.docker.compose.depends_on":"a:service_started:false"},"Healthcheck":{"Test":["CMD","true"]},"StopTimeout":1},"HostConfig":{"RestartPolicy":{"Name":"always"}},
        "NetworkSettings":{"Ports":{"6379/tcp":[{"HostIp":"127.0.0.1","HostPort":"6479"}],"1/tcp":null}}}
        """,
        """{"Volumes":[{"Name":"a"}],"Warnings":null}""", """[{"Name":"n"}]""", """{"message":"no such container"}""", "<html>", "{}", "null",
    ];

    private static readonly string[] Processes =
    [
        """
        [{"pid":7,"name":"p-web-1","pm_id":0,"pm2_env":{"status":"online","restart_time":3,"pm_uptime":1750000000000,"pm_cwd":"/w","pm_out_log_path":"/o","pm_err_log_path":"/e","exit_code":0,"env":{"SHIPSEC_INSTANCE":1,"INSTANCEKIT_OWNER":"o"}}}]
        """,
        "[PM2] Spawning PM2 daemon with pm2_home=/h\n[PM2] done\n[]", "[[[[", ">>>> In-memory PM2 is out-of-date\n[{}]", "[null]", """[{"pm_id":-1,"pm2_env":null}]""",
    ];

    private static readonly string[] Configs =
    [
        """[{"name":"p-web-0","cwd":"web","script":"app.js","args":"--port 3000","env":{"PORT":3000}},{"name":"Web"},{"name":"web"}]""",
        """[{"name":"a b/c-0"},{"name":"a-b_c"},{"name":"a_b-c"},{"name":"-x"},{"name":"größe"},{"name":"漢字"},{"script":"x"}]""",
    ];

    [Fact]
    public void Records_of_instances() => Fuzz.Run(Fuzz.Mutations(Records, JsonWords), json =>
    {
        if (InstanceRecord.TryParse(json) is not { } record)
            return;
        Assert.All(record.Ports.Assignments, p => Assert.True(p is { Port: > 0 and <= 65535, Count: > 0 } && p.Port + p.Count <= 65536));
        Assert.True(record.Ports.Instance >= 0);
    });

    [Fact]
    public void Leases_of_the_machine()
    {
        var folder = Directory.CreateTempSubdirectory("ik-fuzz-");
        try
        {
            Fuzz.Run(Fuzz.Mutations(Leases, [.. JsonWords, "\"number\":-1", "\"workspace\":\"\""]), json =>
            {
                // Each thread has a file of its own.
                var own = folder.CreateSubdirectory($"{Environment.CurrentManagedThreadId}").FullName;
                File.WriteAllBytes(Path.Combine(own, "leases.json"), Encoding.UTF8.GetBytes(json));
                foreach (var lease in new LeaseStore(own).Read(out _)?.Leases ?? [])
                    Assert.True(lease is { Number: >= 0, Workspace.Length: > 0, Project.Length: > 0, Footprint.Ports: not null });
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Models_that_Compose_prints() => Fuzz.Run(
        Fuzz.Mutations(
            [.. new[] { "studio", "ties", "reading" }.Select(n => RepositoryFiles.Read($"tests/InstanceKit.Tests/Compose/{n}.json"))],
            [.. JsonWords, "\"99999999h\"", "\"1-2000000000\"", "\"published\":\"-\"", "\"interval\":\"1e9s\""]),
        json => Assert.All(ComposeModelReader.Read(json).Services.SelectMany(s => s.Ports), p => Assert.InRange(p.Count, 1, 65535)));

    [Fact]
    public void Apps_of_PM2_configs() => Fuzz.Run(
        Fuzz.Mutations(Configs, [.. JsonWords, "\"name\":", "\"cwd\":\"..\"", "\"args\":[\"--port\",\"1\"]", "/", "-", " ", "WEB", "web"]),
        json =>
        {
            var apps = DiscoveredApps.Of(json, "/w", "p", _ => new Dictionary<string, string>(), _ => new Dictionary<string, string>());
            Assert.Equal(apps.Count, apps.Select(a => a.Name.ToUpperInvariant().Replace('-', '_')).Distinct().Count());
            Assert.All(apps, a => Assert.Matches("^[a-z0-9_-]{1,130}$", a.Name));
        },
        e => e is JsonException or InvalidOperationException or ArgumentException); // the text comes from JSON.stringify, in our own script

    [Fact]
    public void Answers_of_the_engine() => Fuzz.Run(Fuzz.Mutations(Containers, JsonWords), json =>
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        foreach (Action<byte[]> read in new Action<byte[]>[]
            { b => ContainerReader.List(b), b => ContainerReader.Resources("volume", b), b => ContainerReader.VolumeSizes(b), b => ContainerReader.Describe(b), b => EngineAnswer.Describe(System.Net.HttpStatusCode.Conflict, b) })
        {
            try
            {
                read(bytes);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
            {
                // EngineClient says which engine answers so.
            }
        }
    });

    [Fact]
    public void Answers_in_HTTP() => Fuzz.Run(
        Fuzz.Mutations(
            ["HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[]", "HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"x\"}", "<html>", "SSH-2.0-x\r\n"],
            "HTTP/1.", "HTTP/1.0 ", "200", "999", "\r\n", "\r\n\r\n", " ", "{}"),
        text =>
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            try
            {
                Assert.InRange(EngineAnswer.Split(bytes).Body, 0, bytes.Length);
            }
            finally
            {
                EngineAnswer.ReadHead(new MemoryStream(bytes));
            }
        },
        e => e is IOException or InvalidDataException); // EngineClient says which engine answers so

    [Fact]
    public void Lists_of_PM2() => Fuzz.Run(
        Fuzz.Mutations(Processes, [.. JsonWords, "[PM2] ", "\n"]), text =>
        {
            foreach (var process in Pm2Listing.ParseOutput(text) ?? [])
                Assert.True(process is { PmId: >= -1, Restarts: >= 0 });
        });

    [Fact]
    public void Frames_of_PM2s_socket() => Fuzz.Run(
        Fuzz.Mutations(
            ["\u0012\0\0\0\u000dj:{\"args\":[]}\0\0\0\u0003s:1", "\u0011\0\0\0\u0004j:[]", "\u0012\u0004\0\0\0j:", "\u001f", ""],
            "\u0012", "\u0011", "\u0010", "\0\0\0\u0002", "\0\0\0\0", "\u0003ÿÿÿ", "ÿÿÿÿ", "j:", "s:", "{}"),
        text =>
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            Assert.True(Pm2SocketClient.ReadAnswer(new MemoryStream(bytes)).Length < bytes.Length);
        },
        e => e is InvalidDataException or EndOfStreamException); // what asks takes either for no answer
}
