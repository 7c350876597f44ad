using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Embedded;

/// <summary>Redis and the object store as processes, with what is fetched for them.</summary>
public sealed class OtherServicesTests
{
    private const string Ask = """
        const [port, ...words] = process.argv.slice(1);
        const socket = require('net').connect(Number(port), '127.0.0.1');
        for (const line of words) {
          const parts = line.split(' ');
          socket.write(`*${parts.length}\r\n` + parts.map((p) => `$${p.length}\r\n${p}\r\n`).join(''));
        }
        let text = '', lines = 0;
        socket.on('data', (data) => {
          text += data;
          if (text.split('\r\n').length > words.length + 1) { console.log(text.replaceAll('\r\n', ' ').trim()); socket.destroy(); }
        });
        """;

    [Fact]
    public async Task Redis_takes_the_stacks_password_and_keeps_what_it_was_told()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(EmbeddedInstance.Service("redis", "redis:7-alpine", 6379, 6379) with
        {
            Command = ["redis-server", "--requirepass", "pw"],
        });
        await instance.StartAsync(choice);
        var port = $"{choice.Process!.Port}";

        Assert.Equal("-NOAUTH Authentication required. +OK +OK $1 7",
            await EmbeddedInstance.NodeAsync(Ask, port, "GET a", "AUTH pw", "SET a 7", "GET a"));
        await instance.StopAsync(choice);
        await instance.StartAsync(choice);
        Assert.Equal("+OK $1 7", await EmbeddedInstance.NodeAsync(Ask, port, "AUTH pw", "GET a"));
    }

    [Fact]
    public async Task Object_store_takes_signed_requests_with_the_stacks_keys_only()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(EmbeddedInstance.Service("minio", "minio/minio:latest", 9000, 9000) with
        {
            Environment = new Dictionary<string, string?> { ["MINIO_ROOT_USER"] = "shop", ["MINIO_ROOT_PASSWORD"] = "shop-secret" },
            Ports = [new PublishedPort("minio", 9000, 9000), new PublishedPort("minio", 9001, 9001)],
        });
        await instance.StartAsync(choice);

        // Signed here by the rules of version 4, for a bucket with the slash at its end that SDKs send.
        var answers = await EmbeddedInstance.NodeAsync("""
            const crypto = require('crypto');
            const [port, key, secret] = process.argv.slice(1);
            const hash = (text) => crypto.createHash('sha256').update(text).digest('hex');
            const hmac = (k, text) => crypto.createHmac('sha256', k).update(text).digest();
            async function send(method, path, body, pass) {
              const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
              const headers = { host: `127.0.0.1:${port}`, 'x-amz-content-sha256': hash(body ?? ''), 'x-amz-date': time };
              const names = Object.keys(headers).sort();
              const request = [method, path, '', ...names.map((n) => `${n}:${headers[n]}`), '', names.join(';'), headers['x-amz-content-sha256']].join('\n');
              const scope = [time.slice(0, 8), 'us-east-1', 's3', 'aws4_request'];
              const signature = crypto.createHmac('sha256', scope.reduce(hmac, `AWS4${pass}`))
                .update(['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\n')).digest('hex');
              headers.authorization = `AWS4-HMAC-SHA256 Credential=${key}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
              delete headers.host;
              const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
              return `${answer.status} ${method === 'GET' ? (await answer.text()).replace(/.*<Code>(.*)<\/Code>.*/s, '$1') : ''}`.trim();
            }
            (async () => {
              console.log([await send('PUT', '/files/', undefined, secret), await send('PUT', '/files/a%20b', 'hello', secret),
                await send('GET', '/files/a%20b', undefined, secret), await send('GET', '/files/a%20b', undefined, 'wrong'),
                (await fetch(`http://127.0.0.1:${port}/files/a%20b`)).status,
                (await fetch(`http://127.0.0.1:${port}/minio/health/live`)).status].join(', '));
            })();
            """, $"{choice.Process!.Port}", "shop", "shop-secret");

        Assert.Equal("200, 200, 200 hello, 403 SignatureDoesNotMatch, 403, 200", answers);
        Assert.Single(choice.Process.Notes, n => n.StartsWith("no console on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nothing_stands_for_is_skipped_with_the_reason()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();

        Assert.Equal("needs Docker", (await instance.ChooseAsync(EmbeddedInstance.Service("console", "redpandadata/console:v2", 8080, 8082))).Skipped);
        Assert.Equal("needs Docker or 'temporal'",
            (await instance.ChooseAsync(EmbeddedInstance.Service("temporal", "temporalio/auto-setup:1.25.2", 7233, 7233))).Skipped);
        Assert.Equal("needs Docker: it has no POSTGRES_PASSWORD",
            (await instance.ChooseAsync(EmbeddedInstance.Service("postgres", "postgres:16", 5432, 5433))).Skipped);
    }

    /// <summary>The programs themselves can't be had here: what stands for them does with words and files what they would.</summary>
    [Theory]
    [InlineData("redpanda", "redpandadata/redpanda:v24.2.5", 9092, """
        const config = JSON.parse(fs.readFileSync(words[words.indexOf('--redpanda-cfg') + 1])).redpanda;
        if (new Set([config.rpc_server.port, config.admin[0].port, config.kafka_api[0].port]).size < 3) process.exit(1);
        fs.accessSync(config.data_directory, fs.constants.W_OK);
        serve(config.advertised_kafka_api[0]);
        """)]
    [InlineData("temporal", "temporalio/auto-setup:1.25.2", 7233, """
        fs.writeFileSync(words[words.indexOf('--db-filename') + 1], '');
        serve({ address: words[words.indexOf('--ip') + 1], port: Number(words[words.indexOf('--port') + 1]) });
        """)]
    [InlineData("loki", "grafana/loki:3.2.1", 3100, """
        const config = fs.readFileSync(words[0].split('=')[1], 'utf8');
        serve({ address: config.match(/http_listen_address: (.*)/)[1], port: Number(config.match(/http_listen_port: (.*)/)[1]) });
        """)]
    public async Task An_installed_program_is_run_on_the_instances_port(string name, string image, int target, string source)
    {
        using var programs = ProgramFolder.With("unused", "");
        var path = Path.Combine(programs.SearchPath.Split(Path.PathSeparator)[0], name);
        await File.WriteAllTextAsync(path, $"""
            #!/usr/bin/env node
            const fs = require('fs');
            const words = process.argv.slice(2);
            const serve = (place) => require('net').createServer().listen(place.port, place.address);
            {source}
            """, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var instance = await EmbeddedInstance.CreateAsync(programs.SearchPath);
        var choice = await instance.ChooseAsync(EmbeddedInstance.Service(name, image, target, target));

        await instance.StartAsync(choice);
        await instance.StopAsync(choice);

        Assert.False(await PortProbe.AnswersAsync(choice.Process!.Port, TestContext.Current.CancellationToken));
    }
}
