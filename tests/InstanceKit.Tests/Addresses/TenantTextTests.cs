using CsCheck;
using InstanceKit.Addresses;
using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.Tests.Addresses;

public sealed class TenantTextTests
{
    private static readonly Dictionary<int, Tenant> Tenants = new()
    {
        [5433] = new Tenant("postgres", TenantKind.PostgreSql, "shop_instance_3", "shop_instance_3", "pw") { Base = "shop" },
        [3406] = new Tenant("mysql", TenantKind.MySql, "shop_instance_3", "shop_instance_3", "pw") { Base = "shop" },
        [27017] = new Tenant("mongo", TenantKind.MongoDb, "shop_instance_3", "shop_instance_3", "pw") { Base = "shop" },
        [6379] = new Tenant("redis", TenantKind.Redis, "3", "shop_instance_3", "pw", Index: 3),
        [5672] = new Tenant("rabbit", TenantKind.RabbitMq, "shop_instance_3", "shop_instance_3", "pw") { Base = "/" },
        [7233] = new Tenant("temporal", TenantKind.Temporal, "shop-dev-3"),
        [9092] = new Tenant("kafka", TenantKind.Kafka, ".instance-3"),
        [3100] = new Tenant("loki", TenantKind.Loki, "shop-instance-3"),
        [9000] = new Tenant("minio", TenantKind.S3, "-instance-3", "shop-instance-3", "pw"),
    };

    // MySQL's port moves, all others are the base ports.
    private static readonly Translator Translator = new(
        PortMap.Of([.. Tenants.Keys.Where(p => p != 3406).Select(p => KeyValuePair.Create(p, p)), new(3306, 3406), new(4000, 4300)]),
        tenants: new TenantText(Tenants));

    /// <remarks>Redis' clients take an empty URL for the local server.</remarks>
    [Fact]
    public void An_empty_URL_of_Redis_names_the_tenant_and_its_mention_no_password()
    {
        var (text, mentions) = Translator.Translate("", ReaderPlace.HostApp, "REDIS_URL");

        Assert.Equal("redis://shop_instance_3:pw@localhost:6379/3", text);
        Assert.DoesNotContain("pw", Assert.Single(mentions).To!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://app:secret@localhost:5433/shop?sslmode=disable", "postgresql://shop_instance_3:pw@localhost:5433/shop_instance_3?sslmode=disable")]
    [InlineData("postgres://localhost:5433", "postgres://shop_instance_3:pw@localhost:5433/shop_instance_3")]
    [InlineData("postgresql+asyncpg://app@127.0.0.1:5433/shop", "postgresql+asyncpg://shop_instance_3:pw@127.0.0.1:5433/shop_instance_3")]
    [InlineData("jdbc:postgresql://localhost:5433/shop?user=app&password=x", "jdbc:postgresql://localhost:5433/shop_instance_3?user=shop_instance_3&password=pw")]
    [InlineData("psql postgres://a:b@localhost:5433/shop -c 'select 1'", "psql postgres://shop_instance_3:pw@localhost:5433/shop_instance_3 -c 'select 1'")]
    [InlineData("postgres://${U}:${P}@localhost:${PORT:-5433}/${DB:-shop}", "postgres://shop_instance_3:pw@localhost:${PORT:-5433}/shop_instance_3")]
    [InlineData("""{"db":"postgres://a:b@localhost:5433/shop","cache":"redis://localhost"}""", """{"db":"postgres://shop_instance_3:pw@localhost:5433/shop_instance_3","cache":"redis://shop_instance_3:pw@localhost/3"}""")]
    [InlineData("host=localhost port=5433 dbname=shop user=app password='a b'", "host=localhost port=5433 dbname=shop_instance_3 user=shop_instance_3 password=pw")]
    [InlineData("host=localhost port=5433 dbname=shop", "host=localhost port=5433 user=shop_instance_3 password=pw dbname=shop_instance_3")]
    [InlineData("Host=localhost;Port=5433;Database=shop;Username=app;Password=x y;Pooling=true", "Host=localhost;Port=5433;Database=shop_instance_3;Username=shop_instance_3;Password=pw;Pooling=true")]
    [InlineData("Server=localhost;Port=3306;Database=shop;User Id=app;Pwd=x", "Server=localhost;Port=3406;Database=shop_instance_3;User Id=shop_instance_3;Pwd=pw")]
    [InlineData("mysql://root:x@localhost/shop", "mysql://shop_instance_3:pw@localhost:3406/shop_instance_3")]
    [InlineData("app:x@tcp(localhost:3306)/shop?parseTime=true", "shop_instance_3:pw@tcp(localhost:3406)/shop_instance_3?parseTime=true")]
    [InlineData("mongodb://root:x@localhost:27017/shop?authSource=admin&w=1", "mongodb://shop_instance_3:pw@localhost:27017/shop_instance_3?authSource=shop_instance_3&w=1")]
    [InlineData("mongodb://localhost:27017,127.0.0.1:27017/shop", "mongodb://shop_instance_3:pw@localhost:27017,127.0.0.1:27017/shop_instance_3")]
    [InlineData("redis://localhost:6379", "redis://shop_instance_3:pw@localhost:6379/3")]
    [InlineData("redis://:x@localhost:6379/0", "redis://shop_instance_3:pw@localhost:6379/3")]
    [InlineData("redis://localhost:6379?db=0", "redis://shop_instance_3:pw@localhost:6379?db=3")]
    [InlineData("localhost:6379,password=x,defaultDatabase=0,ssl=false", "localhost:6379,password=x,defaultDatabase=3,ssl=false")]
    [InlineData("localhost:6379,abortConnect=false", "localhost:6379,defaultDatabase=3,abortConnect=false")]
    [InlineData("amqp://guest:guest@localhost:5672/%2F", "amqp://shop_instance_3:pw@localhost:5672/shop_instance_3")]
    [InlineData("amqp://localhost", "amqp://shop_instance_3:pw@localhost/shop_instance_3")]
    [InlineData("http://localhost:4000/api", "http://localhost:4300/api")]
    [InlineData("http://localhost:3100", "http://localhost:3100")]
    [InlineData("postgres://app:secret@db.example.com:5433/shop", "postgres://app:secret@db.example.com:5433/shop")]
    public void Texts(string text, string expected)
    {
        var (translated, mentions) = Translator.Translate(text, ReaderPlace.HostApp);

        Assert.Equal(expected, translated);
        Assert.DoesNotContain(mentions, m => m.Decision == MentionDecision.Unknown);
        Assert.Equal(expected, Translator.Translate(expected, ReaderPlace.HostApp).Text); // what is translated stays
        Assert.DoesNotContain(mentions, m => $"{m}".Contains("pw", StringComparison.Ordinal) || $"{m}".Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgresql://app:x@localhost:5433/reports", "database reports of postgres is common to all instances; each has its own only of shop")]
    [InlineData("redis://localhost:6379/2", "database 2 of redis is common to all instances; each has its own only of 0")]
    [InlineData("amqp://localhost:5672/other", "virtual host other of rabbit is common to all instances; each has its own only of /")]
    [InlineData("Host=localhost;Port=5433;Database=reports;Username=app", "database reports of postgres is common to all instances; each has its own only of shop")]
    [InlineData("host=localhost port=5433 user=app", "it names no database of postgres, which all instances share")]
    [InlineData("localhost:6379", "it names no database of redis, which all instances share")]
    [InlineData("http://localhost:5433/x", "http is no scheme of postgres, which all instances share")]
    public void What_cannot_be_parted_stays_and_is_reported(string text, string reason)
    {
        var (translated, mentions) = Translator.Translate(text, ReaderPlace.HostApp);

        Assert.Equal(text, translated);
        Assert.Equal(reason, Assert.Single(mentions).Reason);
    }

    [Theory]
    [InlineData("DB_HOST=localhost DB_PORT=5433 DB_NAME=shop DB_USER=app DB_PASSWORD=x", "DB_NAME=shop_instance_3 DB_USER=shop_instance_3 DB_PASSWORD=pw")]
    [InlineData("PGHOST=localhost PGPORT=5433 PGDATABASE=shop PGUSER=app PGPASSWORD=x", "PGDATABASE=shop_instance_3 PGUSER=shop_instance_3 PGPASSWORD=pw")]
    [InlineData("POSTGRES_PORT=5433 POSTGRES_DB=shop POSTGRES_USER=app", "POSTGRES_DB=shop_instance_3 POSTGRES_USER=shop_instance_3")]
    [InlineData("MYSQL_HOST=localhost MYSQL_DATABASE=shop", "MYSQL_DATABASE=shop_instance_3")]
    [InlineData("SPRING_DATASOURCE_URL=jdbc:mysql://localhost:3306/shop SPRING_DATASOURCE_USERNAME=a SPRING_DATASOURCE_PASSWORD=b",
        "SPRING_DATASOURCE_URL=jdbc:mysql://shop_instance_3:pw@localhost:3406/shop_instance_3 SPRING_DATASOURCE_USERNAME=shop_instance_3 SPRING_DATASOURCE_PASSWORD=pw")]
    [InlineData("REDIS_HOST=localhost REDIS_PORT=6379 REDIS_DB=0 REDIS_PASSWORD=x", "REDIS_DB=3")]
    [InlineData("REDIS_HOST=localhost REDIS_PORT=6379 REDIS_DB=0 REDIS_USERNAME=u REDIS_PASSWORD=x", "REDIS_DB=3 REDIS_USERNAME=shop_instance_3 REDIS_PASSWORD=pw")]
    [InlineData("RABBITMQ_HOST=localhost RABBITMQ_VHOST=/ RABBITMQ_USER=guest", "RABBITMQ_VHOST=shop_instance_3 RABBITMQ_USER=shop_instance_3")]
    [InlineData("TEMPORAL_ADDRESS=localhost:7233 TEMPORAL_NAMESPACE=dev TEMPORAL_TASK_QUEUE=q", "TEMPORAL_NAMESPACE=shop-dev-3")]
    [InlineData("LOKI_URL=http://localhost:3100 LOKI_TENANT_ID=x", "LOKI_TENANT_ID=shop-instance-3")]
    [InlineData("LOG_KAFKA_BROKERS=localhost:9092 LOG_KAFKA_TOPIC=a,b EVENT_KAFKA_GROUP_ID=g", "LOG_KAFKA_TOPIC=a.instance-3,b.instance-3 EVENT_KAFKA_GROUP_ID=g.instance-3")]
    [InlineData("MINIO_ENDPOINT=localhost MINIO_PORT=9000 MINIO_BUCKET_NAME=files MINIO_ROOT_USER=m MINIO_ROOT_PASSWORD=m",
        "MINIO_BUCKET_NAME=files-instance-3 MINIO_ROOT_USER=shop-instance-3 MINIO_ROOT_PASSWORD=pw")]
    [InlineData("AWS_ENDPOINT_URL=http://localhost:9000 S3_BUCKET=files", "S3_BUCKET=files-instance-3")]
    // What means something else stays.
    [InlineData("DB_HOST=db.example.com DB_PORT=5433 DB_NAME=shop DB_USER=app", "")]
    [InlineData("APP_NAME=shop APP_PORT=4000 APP_USER=u DATABASE_URL=postgres://db.example.com/shop", "APP_PORT=4300")]
    [InlineData("S3_BUCKET=files TEMPORAL_NAMESPACE=dev KAFKA_TOPIC=a LOKI_TENANT_ID=x AWS_REGION=y", "")]
    [InlineData("MINIO_ENDPOINT=localhost MINIO_PORT=9000 MINIO_ROOT_USER=m MINIO_ROOT_PASSWORD=m", "")]
    public void Variables(string variables, string changed)
    {
        var (result, mentions) = Translate(variables);

        Assert.Equal(changed, result);
        Assert.DoesNotContain(mentions, m => m.Decision == MentionDecision.Unknown);
    }

    [Theory]
    [InlineData("DB_HOST=localhost DB_PORT=5433 DB_NAME=reports DB_USER=app DB_PASSWORD=x", "", "database reports of postgres is common to all instances; each has its own only of shop")]
    [InlineData("REDIS_HOST=localhost REDIS_PORT=6379", "", "it names no database of redis, which all instances share")]
    [InlineData("TEMPORAL_ADDRESS=localhost:7233 TEMPORAL_A_NAMESPACE=a TEMPORAL_B_NAMESPACE=b", "", "variables name several; the instance has one: shop-dev-3")]
    public void Variables_that_cannot_be_parted_stay_and_are_reported(string variables, string changed, string reason)
    {
        var (result, mentions) = Translate(variables);

        Assert.Equal(changed, result);
        Assert.Contains(mentions, m => m.Decision == MentionDecision.Unknown && m.Reason == reason);
    }

    [Fact]
    public void Apps_get_the_namespace_and_tenant_that_they_do_not_set() => Assert.Equal(
        [new("TEMPORAL_NAMESPACE", "shop-dev-3"), new("LOKI_TENANT_ID", "shop-instance-3")],
        Translator.Missing(new Dictionary<string, string> { ["TEMPORAL_ADDRESS"] = "localhost:7233", ["LOKI_URL"] = "http://localhost:3100", ["LOKI_TENANT_ID"] = "" }));

    [Fact]
    public void Other_ports_are_translated_as_without_tenants()
    {
        var without = new Translator(PortMap.Of([new(4000, 4300), new(80, 8300)]));
        var with = new Translator(PortMap.Of([new(4000, 4300), new(80, 8300)]), tenants: new TenantText(Tenants));
        Gen.OneOf<string>("localhost", ":", "4000", "http://", "redis://", "/", "a", "@", " ", "host=", "port=", ";", "${X:-", "}", "?", "5433", ",").Array[0, 12]
            .Select(string.Concat)
            .Sample(text => with.Translate(text, ReaderPlace.HostApp).Text == without.Translate(text, ReaderPlace.HostApp).Text, iter: 3_000);
    }

    [Fact]
    public void Translating_again_changes_nothing() =>
        Gen.Select(
                Gen.OneOf<string>("postgres://", "jdbc:postgresql://", "mysql://", "redis://", "mongodb://", "amqp://", "http://", ""),
                Gen.OneOf<string>("", "a@", "a:b@", ":b@", "${U}:${P:-x}@"),
                Gen.OneOf<string>("localhost", "127.0.0.1:5433", "localhost:6379", "localhost:27017,localhost:27017", "localhost:${P:-5433}", "localhost:5672", "localhost:3406"),
                Gen.OneOf<string>("", "/", "/shop", "/0", "/other", "/${DB:-shop}"),
                Gen.OneOf<string>("", "?x=y", "?user=a&password=b", "?db=0", "?authSource=admin", " more", "\" and postgres://localhost:5433"))
            .Select((scheme, user, host, path, rest) => scheme + user + host + path + rest)
            .Sample(text =>
            {
                var once = Translator.Translate(text, ReaderPlace.HostApp).Text;
                return Translator.Translate(once, ReaderPlace.HostApp).Text == once;
            }, iter: 5_000);

    private static (string Changed, IReadOnlyList<Mention> Mentions) Translate(string variables)
    {
        var values = variables.Split(' ').Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        var translations = values.Select(v => (v.Key, v.Value, Result: Translator.Translate(v.Value, ReaderPlace.HostApp, v.Key, values))).ToList();
        return (string.Join(' ', translations.Where(t => t.Result.Text != t.Value).Select(t => $"{t.Key}={t.Result.Text}")),
            [.. translations.SelectMany(t => t.Result.Mentions)]);
    }
}
