using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.IntegrationTests.Tenants;

/// <summary>Tenants of a real Redis in a container, and of Garnet as a process.</summary>
public sealed class RedisTenantTests(RedisServers servers) : IClassFixture<RedisServers>
{
    private static readonly TenantClient Client = TenantKinds.Of(TenantKind.Redis);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Ten_tenants_see_their_own_keys(string place)
    {
        var server = await servers.GetAsync(place);
        var tenants = Enumerable.Range(0, 10).Select(n => Plan(server, "ten", n)).ToList();
        await Task.WhenAll(tenants.Select(t => Client.ProvisionAsync(server, t, Cancellation)));

        foreach (var tenant in tenants)
            await AskAsync(server, tenant, "SET", "mine", tenant.Name);
        foreach (var tenant in tenants)
        {
            await Client.ProvisionAsync(server, tenant, Cancellation);
            Assert.Equal(tenant.Name, await AskAsync(server, tenant, "GET", "mine"));
            Assert.Equal([], await Client.ProveAsync(server, tenant, tenants, Cancellation));
            Assert.True((await Client.InspectAsync(server, tenant, Cancellation)).Exists);
        }

        foreach (var words in new[] { new[] { "FLUSHALL" }, ["SWAPDB", "3", "4"], ["CONFIG", "GET", "*"], ["ACL", "SETUSER", "more"] })
            Assert.StartsWith("NOPERM", (await AskAsync(server, tenants[3], words) as RespError)?.Text, StringComparison.Ordinal);
        if (place == "container")
        {
            foreach (var words in new[] { new[] { "SELECT", "4" }, ["MOVE", "mine", "4"], ["COPY", "mine", "mine", "DB", "4"] })
                Assert.StartsWith("NOPERM", (await AskAsync(server, tenants[3], words) as RespError)?.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Removing_one_keeps_the_others(string place)
    {
        var server = await servers.GetAsync(place);
        var (gone, kept) = (Plan(server, "gone", 11), Plan(server, "gone", 12));
        await Client.ProvisionAsync(server, gone, Cancellation);
        await Client.ProvisionAsync(server, kept, Cancellation);
        await AskAsync(server, gone, "SET", "a", "1");
        await AskAsync(server, kept, "SET", "a", "2");

        await Client.RemoveAsync(server, gone, Cancellation);
        await Client.RemoveAsync(server, gone, Cancellation);

        Assert.False((await Client.InspectAsync(server, gone, Cancellation)).Exists);
        Assert.NotEmpty(await Client.ProveAsync(server, gone, [], Cancellation));
        Assert.Equal("2", await AskAsync(server, kept, "GET", "a"));
        await Client.ProvisionAsync(server, gone, Cancellation);
        Assert.Null(await AskAsync(server, gone, "GET", "a"));
    }

    [Fact]
    public async Task A_clone_has_the_keys_of_the_other_and_no_more()
    {
        var server = await servers.GetAsync("container");
        var (from, to) = (Plan(server, "clone", 13), Plan(server, "clone", 14));
        await Client.ProvisionAsync(server, from, Cancellation);
        await Client.ProvisionAsync(server, to, Cancellation);
        await AskAsync(server, from, "HSET", "h\u00fc", "f", "1");
        for (var i = 0; i < 1200; i++)
            await AskAsync(server, from, "SET", $"k{i}", $"{i}");
        await AskAsync(server, to, "SET", "old", "1");

        await Client.CloneAsync(server, from, to, Cancellation);

        Assert.Equal("1201", await AskAsync(server, to, "DBSIZE"));
        Assert.Equal("1", await AskAsync(server, to, "HGET", "h\u00fc", "f"));
        Assert.Equal("1201", await AskAsync(server, from, "DBSIZE"));
    }

    [Fact]
    public async Task A_connection_in_another_database_is_found()
    {
        var server = await servers.GetAsync("container");
        var (one, two) = (Plan(server, "stray", 15), Plan(server, "stray", 16));
        await Client.ProvisionAsync(server, one, Cancellation);
        await Client.ProvisionAsync(server, two, Cancellation);
        using var stray = await RespConnectionReader.OpenAsync(server, Cancellation);
        await stray.AskAsync(["AUTH", one.User!, one.Password!], Cancellation);

        Assert.Equal([$"user {one.User} is connected to database 0"], await Client.ProveAsync(server, one, [two], Cancellation));
    }

    [Fact]
    public async Task Too_few_databases_are_named()
    {
        var server = await servers.GetAsync("container");

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => Client.ProvisionAsync(server, Plan(server, "many", 300), Cancellation));

        Assert.Contains("the server needs --databases 301 or more", error.Message, StringComparison.Ordinal);
    }

    private static Tenant Plan(TenantServer server, string stack, int instance) => Client.Plan("redis", stack, instance, server.Environment);

    private static async Task<object?> AskAsync(TenantServer server, Tenant tenant, params string[] words)
    {
        using var connection = await RespConnectionReader.OpenAsync(server, Cancellation);
        Assert.Equal("OK", await connection.AskAsync(["AUTH", tenant.User!, tenant.Password!], Cancellation));
        Assert.Equal("OK", await connection.AskAsync(["SELECT", $"{tenant.Index}"], Cancellation));
        return await connection.AskAsync(words, Cancellation);
    }
}

/// <summary>One Redis in a container and one Garnet as a process, started when a test first asks; tests differ in their databases.</summary>
public sealed class RedisServers : IAsyncLifetime
{
    private static readonly Dictionary<string, string> None = [];
    private readonly Dictionary<string, SharedServer> _servers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<TenantServer> GetAsync(string place)
    {
        if (!_servers.TryGetValue(place, out var server))
        {
            server = place == "process"
                ? await SharedServer.AsProcessAsync(TenantKind.Redis, "redis:7", 6379, None)
                : await SharedServer.InContainerAsync(
                    TenantKind.Redis, "shipsec-build.local/redis:1", 6379, None, command: ["redis-server", .. TenantKinds.CommandFor(TenantKind.Redis, 32)]);
            _servers.Add(place, server);
            await Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        using var connection = await RespConnectionReader.OpenAsync(server.Server, TestContext.Current.CancellationToken);
                        return await connection.AskAsync(["PING"], TestContext.Current.CancellationToken) is "PONG";
                    }
                    catch (InstanceKitException)
                    {
                        return false;
                    }
                },
                "the server answers", seconds: 60);
        }

        return server.Server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
    }
}
