using InstanceKit.Env;
using InstanceKit.Setup;
using InstanceKit.Addresses;
using Xunit;

namespace InstanceKit.Tests.Addresses;

/// <summary>The forms in which env files name a stack that publishes the usual ports of its services.</summary>
public sealed class EnvDialectTests
{
    private static readonly Translator Translator = new(Shifted(100, 1433, 3306, 4000, 5433, 5672, 6379, 8080, 9000, 27017, 27018));

    [Theory]
    [InlineData("PG_URL=\"postgres://app:5433@localhost:5433/app\" # 5433", "PG_URL=\"postgres://app:5433@localhost:5533/app\" # 5433")]
    [InlineData("PGHOST=localhost\nPGPORT=5433", "PGHOST=localhost\nPGPORT=5533")]
    [InlineData("JDBC=jdbc:postgresql://localhost:5433,127.0.0.1:5433/app?user=5433", "JDBC=jdbc:postgresql://localhost:5533,127.0.0.1:5533/app?user=5433")]
    [InlineData(
        "DSN=\"host=localhost port=5433 user=app password=5433 dbname=app\"", "DSN=\"host=localhost port=5533 user=app password=5433 dbname=app\"")]
    [InlineData("DSN=\"port=5433 host=127.0.0.1 dbname=app\"", "DSN=\"port=5533 host=127.0.0.1 dbname=app\"")]
    [InlineData("PG=Host=localhost;Port=5433;Database=app;Password=p5433", "PG=Host=localhost;Port=5533;Database=app;Password=p5433")]
    [InlineData("MY=Server=localhost;Port=3306;Uid=a;Pwd=3306;", "MY=Server=localhost;Port=3406;Uid=a;Pwd=3306;")]
    [InlineData("SQL=\"Server=localhost,1433;User Id=sa;Password=Pass,1433\"", "SQL=\"Server=localhost,1533;User Id=sa;Password=Pass,1433\"")]
    [InlineData("SQL=\"Data Source=tcp:127.0.0.1,1433;Initial Catalog=x\"", "SQL=\"Data Source=tcp:127.0.0.1,1533;Initial Catalog=x\"")]
    [InlineData("SQL=\"Server=localhost;Database=x;TrustServerCertificate=true\"", "SQL=\"Server=localhost,1533;Database=x;TrustServerCertificate=true\"")]
    [InlineData("MY=Server=localhost;Database=x;Uid=a;Pwd=b;AllowPublicKeyRetrieval=true", "MY=Server=localhost;Port=3406;Database=x;Uid=a;Pwd=b;AllowPublicKeyRetrieval=true")]
    [InlineData("MY=Database=x;Host=127.0.0.1;Username=a", "MY=Database=x;Host=127.0.0.1;Port=3406;Username=a")] // 5432 is not there
    [InlineData("U=http://app.lvh.me:8080 http://localtest.me:4000 http://a.127-0-0-1.sslip.io:9000", "U=http://app.lvh.me:8180 http://localtest.me:4100 http://a.127-0-0-1.sslip.io:9100")]
    [InlineData("U=http://docker.for.mac.host.internal:4000,http://localhost.localdomain:8080", "U=http://docker.for.mac.host.internal:4100,http://localhost.localdomain:8180")]
    [InlineData("GO=app:3306@tcp(127.0.0.1:3306)/app?x=1", "GO=app:3306@tcp(127.0.0.1:3406)/app?x=1")]
    [InlineData("GO=app:x@tcp(localhost)/app", "GO=app:x@tcp(localhost:3406)/app")]
    [InlineData("R=redis://localhost", "R=redis://localhost:6479")]
    [InlineData("R=redis://:s3cret@127.0.0.1/0", "R=redis://:s3cret@127.0.0.1:6479/0")]
    [InlineData("Q=amqp://guest:guest@localhost/", "Q=amqp://guest:guest@localhost:5772/")]
    [InlineData("M=mongodb://localhost/app", "M=mongodb://localhost:27117/app")]
    [InlineData("M=mongodb://root:27018@127.0.0.1:27018,localhost/app", "M=mongodb://root:27018@127.0.0.1:27118,localhost:27117/app")]
    [InlineData("MONGODB_URI=mongodb://db.example.com,localhost,db2.example.com/app", "MONGODB_URI=mongodb://db.example.com,localhost:27117,db2.example.com/app")]
    [InlineData("M=mysql+pymysql://a:b@localhost/app", "M=mysql+pymysql://a:b@localhost:3406/app")]
    [InlineData("J='[{\"host\":\"localhost\",\"port\":6379},{\"host\":\"10.0.0.5\",\"port\":6379}]'", "J='[{\"host\":\"localhost\",\"port\":6479},{\"host\":\"10.0.0.5\",\"port\":6379}]'")]
    [InlineData("J='{\"port\": \"6379\", \"host\": \"127.0.0.1\"}'", "J='{\"port\": \"6479\", \"host\": \"127.0.0.1\"}'")]
    [InlineData("N=localhost:6379,10.0.0.9:6379", "N=localhost:6479,10.0.0.9:6379")]
    [InlineData("E=postgres://app@localhost:${NO_SUCH_PORT:-5433}/x", "E=postgres://app@localhost:${NO_SUCH_PORT:-5533}/x")]
    [InlineData("E=postgres://app@${DB_HOST:-localhost}:${DB_PORT-5433}/x", "E=postgres://app@${DB_HOST:-localhost}:${DB_PORT-5533}/x")]
    [InlineData("E_PORT=${PORT:-4000}", "E_PORT=${PORT:-4100}")]
    [InlineData("DB_HOST=localhost\nDB_PORT=5433", "DB_HOST=localhost\nDB_PORT=5533")]
    [InlineData("db.host=localhost\ndb.port=5433", "db.host=localhost\ndb.port=5533")]
    [InlineData("MYSQL_HOST=localhost\nMYSQL_TCP_PORT=3306", "MYSQL_HOST=localhost\nMYSQL_TCP_PORT=3406")]
    [InlineData("U=http://acme.localhost:8080,http://a.b.localhost:4000", "U=http://acme.localhost:8180,http://a.b.localhost:4100")]
    [InlineData("U=http://host.containers.internal:4000 http://gateway.docker.internal:4000", "U=http://host.containers.internal:4100 http://gateway.docker.internal:4100")]
    [InlineData("U=http://172.17.0.1:9000", "U=http://172.17.0.1:9100")]
    [InlineData("REDIS_URL=\"\"", "REDIS_URL=\"redis://localhost:6479\"")]
    [InlineData("MINIO_ENDPOINT=localhost", "MINIO_ENDPOINT=localhost\n\n# >>> b\nMINIO_PORT=9100\n# <<< b\n")]
    public void Every_form_of_a_local_address_follows_the_instance(string text, string expected) => Assert.Equal(expected, Patch(text));

    [Theory]
    [InlineData("ORACLE=jdbc:oracle:thin:@localhost:1521:XE")]
    [InlineData("PG=postgresql://app:x@localhost/app")] // 5432, which the stack does not publish
    [InlineData("M=mongodb+srv://localhost/app")]
    [InlineData("PHONE=+495433637\nORG_ID=5433\nAPI_KEY=5433637927017\nTIMEOUT_MS=6379")]
    [InlineData("JWT=eyJ5433.eyI2Mzc5Iiw.localhost5433")]
    [InlineData("WEBHOOK=https://hooks.example.com:5433/6379")]
    [InlineData("STAGING_DB_HOST=db.staging.example.com\nSTAGING_DB_PORT=5433")]
    [InlineData("DSN=\"host=db.example.com port=5433 user=localhost\"")]
    [InlineData("PG=Host=db.example.com;Port=5433;Database=localhost")]
    [InlineData("SQL=\"Server=db.example.com,1433;User Id=sa\"")]
    [InlineData("SQL=jdbc:sqlserver://localhost\\\\SQLEXPRESS;databaseName=x")]
    [InlineData("SQL=Server=localhost;Database=x;User Id=a;Password=b")] // MySQL or SQL Server
    [InlineData("DSN=\"host=localhost user=a dbname=b\"")]
    [InlineData("DB_HOST=localhost\nDB_DATABASE=x\nDB_USERNAME=a\nDB_PASSWORD=b")]
    [InlineData("F=\"Host=localhost\nDatabase=x\nUser=a\"")]
    [InlineData("U=http://lvh.me.example.com:8080 http://notlvh.me:8080 http://10.127.0.0.1.nip.io.example.com:8080")]
    [InlineData("R=redis://cache.example.com/0\nA=amqp://localhost@mq.example.com/")]
    [InlineData("PEM=\"-----BEGIN KEY-----\nMIIB5433localhost\n6379==\n-----END KEY-----\"")]
    [InlineData("LITERAL='pa$$word#5433'")]
    [InlineData("A=http://localhost.example.com:8080 http://mylocalhost:8080 http://acme.localhost.example.com:8080")]
    [InlineData("REPORT=5433\nEXPORT=5433\nTRANSPORT=6379\nPASSPORT=9000")]
    [InlineData("J='{\"a\":{\"host\":\"localhost\"},\"b\":{\"port\":6379}}'")]
    [InlineData("MINIO_ENDPOINT=s3.example.com")]
    [InlineData("MINIO_ENDPOINT=localhost\nMINIO_PORT=9443")]
    [InlineData("OPENSEARCH_URL=")]
    public void What_is_not_the_stack_s_stays(string text) => Assert.Equal(text, Patch(text));

    private static string Patch(string text) => EnvPatch.Apply(DotEnvDocument.Parse(text), Translator, [], "b").Document.ToString();

    private static PortMap Shifted(int distance, params int[] ports) => PortMap.Of(ports.Select(p => KeyValuePair.Create(p, p + distance)));
}
