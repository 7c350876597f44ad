namespace InstanceKit.IntegrationTests.Support;

/// <summary>What a <see cref="TinyWorkspace"/> runs: its compose file and the source of its apps.</summary>
internal sealed record TinyStack
{
    /// <summary>One Redis, with the ties of a real file.</summary>
    public const string Redis = """
        services:
          redis:
            image: ${REDIS_IMAGE}
            container_name: tiny-redis
            ports: ["6379:6379"]
            volumes: [redis_data:/data]

        """;

    /// <summary>The volumes that go with <see cref="Redis"/>.</summary>
    public const string Volumes = """
        volumes:
          redis_data:

        """;

    /// <summary>An app that answers with what it is, and outlives whoever reads its output.</summary>
    public const string Server = """
        const http = require('http');
        process.stdout.on('error', () => {});
        const port = Number(process.env.PORT);
        http.createServer((request, response) => {
          console.log(`asked for ${request.url}`);
          response.end(JSON.stringify({ pid: process.pid, port, env: process.env }));
        }).listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
        """;

    /// <summary>An app that does not listen before <see cref="TinyWorkspace.LetGo"/>.</summary>
    public const string Holding = """
        const fs = require('fs');
        const http = require('http');
        console.log('waiting for the word');
        const timer = setInterval(() => {
          if (!fs.existsSync(`${__dirname}/../go-${process.env.SHIPSEC_INSTANCE}`)) return;
          clearInterval(timer);
          http.createServer((request, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');
        }, 50);
        """;

    /// <summary>An app without a port that writes a line now and then.</summary>
    public const string Loop = """
        let round = 0;
        console.log('worker begins');
        setInterval(() => console.log(`round ${++round}`), 200);
        """;

    /// <summary>The compose file.</summary>
    public string Compose { get; init; } = Redis + Volumes;

    /// <summary>The source of the frontend.</summary>
    public string Frontend { get; init; } = Server;

    /// <summary>The source of the backend.</summary>
    public string Backend { get; init; } = Server;

    /// <summary>The source of the worker.</summary>
    public string Worker { get; init; } = Loop;

    /// <summary>The stack with one more service.</summary>
    /// <param name="service">The service as YAML, indented by two spaces.</param>
    public static TinyStack With(string service) => new() { Compose = Redis + service + "\n" + Volumes };
}
