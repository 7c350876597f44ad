using System.Net;
using System.Net.Sockets;
using System.Text;
using InstanceKit.Engine;
using InstanceKit.Observing;
using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>Which health checks are asked over the published port, and what answers mean.</summary>
public sealed class PortHealthCheckTests : IDisposable
{
    private static readonly Dictionary<int, int> Ports = new() { [5432] = 15432, [6379] = 16379, [80] = 10080, [9000] = 19000 };

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("pg_isready", "Postgres 15432 postgres ")]
    [InlineData("pg_isready -U app -d app -h localhost", "Postgres 15432 app ")]
    [InlineData("/usr/bin/pg_isready --username=app -q -t 3 -p5432 || exit 1", "Postgres 15432 app ")]
    [InlineData("pg_isready -U $POSTGRES_USER -d ${POSTGRES_DB}", "Postgres 15432 postgres ")]
    [InlineData("pg_isready -U \"$POSTGRES_USER\"", "Postgres 15432 postgres ")]
    [InlineData("pg_isready -h /var/run/postgresql", "Postgres 15432 postgres ")]
    [InlineData("redis-cli ping", "Redis 16379  ")]
    [InlineData("redis-cli -h 127.0.0.1 -p 6379 PING | grep PONG", "Redis 16379  ")]
    [InlineData("valkey-cli ping || exit 1", "Redis 16379  ")]
    [InlineData("curl -f http://localhost:9000/minio/health/live", "Http 19000 /minio/health/live localhost:9000")]
    [InlineData("curl -fsS -o /dev/null --max-time 3 'http://127.0.0.1/' || exit 1", "Http 10080 / 127.0.0.1")]
    [InlineData("curl -sfI localhost:9000", "HttpHead 19000 / localhost:9000")]
    [InlineData("wget -qO- http://127.0.0.1:9000/ready", "Http 19000 /ready 127.0.0.1:9000")]
    [InlineData("wget --no-verbose --tries=1 --spider http://127.0.0.1:9000/ready || exit 1", "HttpHead 19000 /ready 127.0.0.1:9000")]
    public void A_check_of_a_known_form_on_a_published_port_is_asked_there(string test, string expected)
    {
        var check = PortHealthCheck.Of(["CMD-SHELL", test], Ports)!;

        Assert.Equal(expected, $"{check.Kind} {check.Port} {check.Subject} {check.Host}");
    }

    [Fact]
    public void So_is_one_that_is_a_list() => Assert.Equal(
        new PortHealthCheck(PortQuestion.Redis, 16379), PortHealthCheck.Of(["CMD", "redis-cli", "ping"], Ports));

    [Theory]
    [InlineData("pg_isready -h db")] // another server
    [InlineData("pg_isready -p 5433")] // not published
    [InlineData("pg_isready -d 'host=db'")]
    [InlineData("pg_isready && psql -c 'select 1'")]
    [InlineData("pg_isready; true")]
    [InlineData("! pg_isready")]
    [InlineData("pg_isready || exit 0")] // never fails
    [InlineData("redis-cli -a secret ping")]
    [InlineData("redis-cli ping | grep OK")]
    [InlineData("redis-cli info")]
    [InlineData("redis-cli -n 1 ping")]
    [InlineData("redis-cli -h other ping")]
    [InlineData("curl -f https://localhost:9000/")]
    [InlineData("curl -f http://web:9000/")]
    [InlineData("curl -f http://localhost:9000/$TOKEN")]
    [InlineData("curl -f -H 'Host: a' http://localhost:9000/")]
    [InlineData("curl -X POST http://localhost:9000/")]
    [InlineData("curl -f http://localhost:9000/a http://localhost:9000/b")]
    [InlineData("curl -s http://localhost:9000/ | grep up")]
    [InlineData("curl -f http://localhost:9001/")]
    [InlineData("wget --spider http://localhost:9000/")] // BusyBox tries one address of localhost
    [InlineData("curl")]
    [InlineData("")]
    public void Any_other_is_run_in_the_container(string test) => Assert.Null(PortHealthCheck.Of(["CMD-SHELL", test], Ports));

    [Theory]
    [InlineData("pg_isready", "R\0\0\0\b\0\0\0\0", nameof(PortAnswer.Passed))]
    [InlineData("pg_isready", "E\0\0\0\u0010SFATAL\0C28P01\0\0", nameof(PortAnswer.Passed))] // it answers
    [InlineData("pg_isready", "E\0\0\0\u0010SFATAL\0C57P03\0\0", nameof(PortAnswer.NotYet))] // it is starting up
    [InlineData("pg_isready", "HTTP/1.1 400 Bad Request\r\n\r\n", nameof(PortAnswer.Unclear))]
    [InlineData("redis-cli ping", "+PONG\r\n", nameof(PortAnswer.Passed))]
    [InlineData("redis-cli ping", "-LOADING Redis is loading the dataset in memory\r\n", nameof(PortAnswer.NotYet))]
    [InlineData("redis-cli ping", "-NOAUTH Authentication required.\r\n", nameof(PortAnswer.Unclear))]
    [InlineData("curl -f http://localhost:9000/", "HTTP/1.1 204 No Content\r\n\r\n", nameof(PortAnswer.Passed))]
    [InlineData("curl -f http://localhost:9000/", "HTTP/1.1 503 Service Unavailable\r\n\r\n", nameof(PortAnswer.NotYet))]
    [InlineData("curl -f http://localhost:9000/", "HTTP/1.1 403 Forbidden\r\n\r\n", nameof(PortAnswer.Unclear))]
    [InlineData("curl -f http://localhost:9000/", "HTTP/1.1 302 Found\r\n\r\n", nameof(PortAnswer.Unclear))]
    [InlineData("curl -f http://localhost:9000/", "", nameof(PortAnswer.NotYet))] // the engine's proxy accepts for a server that does not listen
    [InlineData("test -f /ready", "", nameof(PortAnswer.Unclear))]
    public async Task The_answer_decides_only_what_is_certain(string test, string answer, string expected)
    {
        _server.Start();
        var serving = ServeAsync(answer);

        Assert.Equal(expected, $"{await PortHealthCheck.AskAsync(Container(test), Token)}");

        _server.Stop();
        await serving;
    }

    [Fact]
    public async Task A_port_that_refuses_is_not_ready()
    {
        _server.Start();
        var container = Container("redis-cli ping");
        _server.Stop();

        Assert.Equal(PortAnswer.NotYet, await PortHealthCheck.AskAsync(container, Token));
    }

    private ObservedContainer Container(string test)
    {
        var port = ((IPEndPoint)_server.LocalEndpoint).Port;
        return new ObservedContainer
        {
            Id = "c1", Name = "c1", Service = "c1", State = ContainerState.Running, HealthTest = ["CMD-SHELL", test],
            LocalPorts = Ports.Keys.ToDictionary(t => t, _ => port),
        };
    }

    private async Task ServeAsync(string answer)
    {
        try
        {
            using var client = await _server.AcceptSocketAsync(Token);
            await client.ReceiveAsync(new byte[1024], Token);
            await client.SendAsync(Encoding.Latin1.GetBytes(answer), Token);
            client.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Nobody asked.
        }
    }
}
