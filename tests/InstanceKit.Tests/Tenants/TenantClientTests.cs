using InstanceKit.Platform;
using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.Tests.Tenants;

/// <summary>Names of tenants, and the exact words that the programs of servers get, with answers as these programs print them.</summary>
public sealed class TenantClientTests
{
    private static readonly Dictionary<string, string> None = [];

    [Theory]
    [InlineData("postgres", TenantKind.PostgreSql)]
    [InlineData("registry.example:5000/library/postgres:16-alpine", TenantKind.PostgreSql)]
    [InlineData("pgvector/pgvector:pg16@sha256:abc", TenantKind.PostgreSql)]
    [InlineData("bitnami/postgresql", TenantKind.PostgreSql)]
    [InlineData("mariadb:11", TenantKind.MySql)]
    [InlineData("valkey/valkey:8", TenantKind.Redis)]
    [InlineData("temporalio/auto-setup:1.27", TenantKind.Temporal)]
    [InlineData("redpandadata/redpanda:v24.1", TenantKind.Kafka)]
    [InlineData("grafana/loki", TenantKind.Loki)]
    [InlineData("redpandadata/console", null)]
    [InlineData("temporalio/ui:2", null)]
    [InlineData("minio/mc", null)]
    [InlineData("prometheuscommunity/postgres-exporter", null)]
    [InlineData("", null)]
    public void Image_decides_what_a_server_is(string image, object? kind) => Assert.Equal(kind, TenantKinds.OfImage(image));

    [Theory]
    [InlineData(TenantKind.PostgreSql, "my_shop_instance_7", "my_shop_instance_7", "app")]
    [InlineData(TenantKind.MySql, "my_shop_instance_7", "my_shop_instance_7", "app")]
    [InlineData(TenantKind.MongoDb, "my_shop_instance_7", "my_shop_instance_7", "app")]
    [InlineData(TenantKind.Redis, "7", "my_shop_instance_7", null)]
    [InlineData(TenantKind.Temporal, "my-shop-dev-7", null, null)]
    [InlineData(TenantKind.Kafka, ".instance-7", null, null)]
    [InlineData(TenantKind.RabbitMq, "my_shop_instance_7", "my_shop_instance_7", "/")]
    [InlineData(TenantKind.Loki, "my-shop-dev-7", null, null)]
    [InlineData(TenantKind.S3, "-instance-7", "my-shop-instance-7", null)]
    public void Tenants_are_named_by_stack_and_number(object kind, string name, string? user, string? initial)
    {
        var client = TenantKinds.Of((TenantKind)kind);
        var environment = new Dictionary<string, string> { ["POSTGRES_DB"] = "app", ["MYSQL_DATABASE"] = "app", ["MONGO_INITDB_DATABASE"] = "app" };

        var tenant = client.Plan("s", "my-shop", 7, environment);

        Assert.Equal((name, user, initial), (tenant.Name, tenant.User, tenant.Base));
        Assert.Equal(tenant, client.Plan("s", "my-shop", 7, environment, tenant));
        Assert.Equal(user is null, tenant.Password is null);
        if (user is null)
            return;
        Assert.NotEqual(tenant.Password, client.Plan("s", "my-shop", 7, environment).Password);
        Assert.True(tenant.Password!.Length >= 32 && tenant.Password.All(char.IsAsciiLetterOrDigit));
        Assert.DoesNotContain(tenant.Password, $"{tenant}", StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_are_cut_and_stay_different()
    {
        var client = TenantKinds.Of(TenantKind.MySql);
        string Name(string stack, int instance) => client.Plan("s", stack, instance, None).Name;
        var names = new[] { Name(new string('a', 60) + "b", 1), Name(new string('a', 60) + "c", 1), Name(new string('a', 60) + "c", 12) };

        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, n => Assert.True(n.Length <= 32 && n.Contains("_instance_1", StringComparison.Ordinal), n));
    }

    [Fact]
    public void Servers_are_given_what_so_many_tenants_need()
    {
        Assert.Equal(["-c", "max_connections=500"], TenantKinds.CommandFor(TenantKind.PostgreSql, 10));
        Assert.Equal(["--databases", "256"], TenantKinds.CommandFor(TenantKind.Redis, 10));
        Assert.Equal(["--databases", "400"], TenantKinds.CommandFor(TenantKind.Redis, 400));
        Assert.Equal(["-auth.enabled=true"], TenantKinds.CommandFor(TenantKind.Loki, 10));
        Assert.Empty(TenantKinds.CommandFor(TenantKind.Kafka, 10));
    }

    [Fact]
    public async Task A_namespace_is_created_again_while_its_name_is_not_free()
    {
        var said = new Programs(TenantKind.Temporal);
        var describe = "temporal operator namespace describe --namespace shop-dev-2 --address 127.0.0.1:7233";
        var create = "temporal operator namespace create --namespace shop-dev-2 --retention 168h --address 127.0.0.1:7233";
        said.Answer(describe, 1, "", "Namespace shop-dev-2 is not found.");
        said.Answer(create, 1, "", "Namespace already exists: the old one is being deleted");
        said.Answer(describe, 1, "", "Namespace shop-dev-2 is not found.");
        said.Answer(create, 0, "Namespace shop-dev-2 successfully registered.");
        said.Answer(describe, 0, "NamespaceInfo.Name shop-dev-2\nNamespaceInfo.State Registered");

        await new TemporalClient(new NoWaiting()).ProvisionAsync(said.Server, new Tenant("s", TenantKind.Temporal, "shop-dev-2"), CancellationToken.None);

        said.RequireAllAsked();
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_removed_is_an_error_with_the_reason()
    {
        var said = new Programs(TenantKind.Temporal) { Always = (words) => words.Contains("delete", StringComparison.Ordinal) ? new(1, "", "no permission") : new(0, "Registered", "") };

        var error = await Assert.ThrowsAsync<InstanceKitException>(() =>
            new TemporalClient(new NoWaiting()).RemoveAsync(said.Server, new Tenant("s", TenantKind.Temporal, "shop-dev-2"), CancellationToken.None));

        Assert.Equal("Could not remove namespace shop-dev-2 in s (127.0.0.1:1): no permission", error.Message);
    }

    [Fact]
    public async Task Topics_and_groups_with_the_suffix_are_removed()
    {
        var removed = new List<string>();
        var said = new Programs(TenantKind.Kafka)
        {
            Always = words =>
            {
                if (words.Contains("delete", StringComparison.Ordinal))
                {
                    removed.Add((words.Contains("rpk group", StringComparison.Ordinal) ? "group " : "topic ") + words[(words.LastIndexOf(' ') + 1)..]);
                    return new(0, "", "");
                }

                return words.Contains("rpk group list", StringComparison.Ordinal)
                    ? new(0, "BROKER  GROUP               STATE\n0       ingest.instance-1   Stable\n0       ingest.instance-11  Stable\n0       ingest  Empty\n", "")
                    : new(0, "NAME              PARTITIONS  REPLICAS\nlogs.instance-1   1           1\nlogs.instance-11  1           1\nlogs  1           1\n", "");
            },
        };

        await TenantKinds.Of(TenantKind.Kafka).RemoveAsync(said.Server, new Tenant("s", TenantKind.Kafka, ".instance-1"), CancellationToken.None);

        Assert.Equal(["group ingest.instance-1", "topic logs.instance-1"], removed);
    }

    [Fact]
    public async Task A_virtual_host_is_created_once_and_its_password_kept_current()
    {
        var said = new Programs(TenantKind.RabbitMq);
        var tenant = new Tenant("s", TenantKind.RabbitMq, "shop_instance_1", "shop_instance_1", "pw");
        said.Answer("rabbitmqctl -q list_vhosts --no-table-headers", 0, "/\nshop_instance_11\n");
        said.Answer("rabbitmqctl -q add_vhost shop_instance_1", 0);
        said.Answer("rabbitmqctl -q list_users --no-table-headers", 0, "guest\t[administrator]\nshop_instance_1\t[]\n");
        said.Answer("rabbitmqctl -q change_password shop_instance_1 pw", 0);
        said.Answer("rabbitmqctl -q set_permissions -p shop_instance_1 shop_instance_1 .* .* .*", 0);
        await TenantKinds.Of(TenantKind.RabbitMq).ProvisionAsync(said.Server, tenant, CancellationToken.None);
        said.RequireAllAsked();

        said.Answer("rabbitmqctl -q list_user_permissions shop_instance_1 --no-table-headers", 0, "shop_instance_1\t.*\t.*\t.*\nother\t.*\t.*\t.*\n");
        Assert.Equal(
            ["user shop_instance_1 may use virtual host other"],
            await TenantKinds.Of(TenantKind.RabbitMq).ProveAsync(said.Server, tenant, [], CancellationToken.None));
    }

    [Fact]
    public async Task No_error_shows_a_password()
    {
        foreach (var kind in new[] { TenantKind.MySql, TenantKind.MongoDb, TenantKind.RabbitMq, TenantKind.S3 })
        {
            var said = new Programs(kind) { Always = words => words.Contains("list_", StringComparison.Ordinal) ? new(0, "", "") : new(1, "", "it is broken") };
            var tenant = TenantKinds.Of(kind).Plan("s", "shop", 1, None);

            var error = await Assert.ThrowsAsync<InstanceKitException>(() => TenantKinds.Of(kind).ProvisionAsync(said.Server, tenant, CancellationToken.None));

            Assert.EndsWith("it is broken", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(tenant.Password!, error.Message + error.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Grants_mean_the_database_alone()
    {
        var asked = new List<string>();
        var said = new Programs(TenantKind.MySql) { Always = words => { asked.Add(words); return new(0, "1\n", ""); } };

        await TenantKinds.Of(TenantKind.MySql).ProvisionAsync(
            said.Server, new Tenant("s", TenantKind.MySql, "shop_instance_1", "shop_instance_1", "pw"), CancellationToken.None);

        Assert.Contains(asked, a => a.Contains(@"GRANT ALL ON `shop\_instance\_1`.* TO 'shop_instance_1'@'%'", StringComparison.Ordinal));
    }

    /// <summary>Programs that answer what they are told to, in this order.</summary>
    private sealed class Programs
    {
        private readonly Queue<(string Words, ProcessResult Result)> _expected = new();

        public Programs(TenantKind kind) => Server = new TenantServer("s", kind, 1, None, (words, _) => Task.FromResult(Ask(string.Join(' ', words))));

        public TenantServer Server { get; }

        public Func<string, ProcessResult>? Always { get; init; }

        public void Answer(string words, int exitCode, string output = "", string error = "") => _expected.Enqueue((words, new ProcessResult(exitCode, output, error)));

        public void RequireAllAsked() => Assert.Empty(_expected);

        private ProcessResult Ask(string words)
        {
            if (Always is not null)
                return Always(words);
            Assert.NotEmpty(_expected);
            var (expected, result) = _expected.Dequeue();
            Assert.Equal(expected, words);
            return result;
        }
    }

    /// <summary>A clock on which every wait ends at once, and takes its time.</summary>
    private sealed class NoWaiting : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime.Ticks;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
