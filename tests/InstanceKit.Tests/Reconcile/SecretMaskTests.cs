using System.Globalization;
using CsCheck;
using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("PORT=3311", "PORT=3311")]
    [InlineData("API_KEY=abc", "API_KEY=***")]
    [InlineData("  api-key: abc", "  api-key: ***")]
    [InlineData("export JWT_SECRET='abc'", "export JWT_SECRET=***")]
    [InlineData("#OLD_TOKEN=abc", "#OLD_TOKEN=***")]
    [InlineData("POSTGRES_PASSWORD: \"abc\"", "POSTGRES_PASSWORD: ***")]
    [InlineData("\"password\": \"abc\",", "\"password\": ***")]
    [InlineData("      - PASSWORD=a b=c", "      - PASSWORD=***")]
    [InlineData("DATABASE_URL=postgresql://me:s3/c@ret@localhost:5533/db", "DATABASE_URL=postgresql://me:***@localhost:5533/db")]
    [InlineData("A=redis://:pw@localhost:1 B=http://u:p@h", "A=redis://:***@localhost:1 B=http://u:***@h")]
    [InlineData("URL=http://localhost:3311/?token=abc", "URL=http://localhost:3311/?token=***")]
    [InlineData("URL=http://localhost:3311/x@y", "URL=http://localhost:***@y")] // it might be a password with a slash
    [InlineData("command: redis-server --requirepass abc --port 1", "command: redis-server --requirepass *** --port 1")]
    [InlineData("DB_PW=abc", "DB_PW=***")]
    [InlineData("dbPw: abc", "dbPw: ***")]
    [InlineData("SMTP_PASS=abc", "SMTP_PASS=***")]
    [InlineData("SENTRY_DSN=https://0123456789abcdef@o1.ingest.sentry.io/42", "SENTRY_DSN=https://***@o1.ingest.sentry.io/42")]
    [InlineData("DSN=me:s3cret@tcp(127.0.0.1:3306)/db", "DSN=me:***@tcp(127.0.0.1:3306)/db")]
    [InlineData("DB=Server=db;User Id=sa;Password=abc;Encrypt=false", "DB=Server=db;User Id=sa;Password=***")]
    [InlineData("ALERTS=https://hooks.slack.com/services/T0/B0/abc", "ALERTS=https://hooks.slack.com/***")]
    [InlineData("ALERTS=https://discord.com/api/webhooks/1/abc", "ALERTS=https://discord.com/api/webhooks/***")]
    [InlineData("WEBHOOK_URL=https://example.com:8443/in/abc", "WEBHOOK_URL=https://example.com:8443/***")]
    [InlineData("SAS=https://x.blob.core.windows.net/c?sv=1&sig=abc", "SAS=https://x.blob.core.windows.net/c?sv=1&sig=***")]
    [InlineData("curl -H 'Authorization: Bearer abc'", "curl -H 'Authorization: ***")]
    [InlineData("X=Bearer abcdef123", "X=Bearer ***")]
    [InlineData("GIT=ghp_0123456789abcdefghij", "GIT=***")]
    [InlineData("UPWARD=1", "UPWARD=1")]
    [InlineData("image: postgres:16@sha256:0123", "image: postgres:16@sha256:0123")]
    [InlineData("URL=ssh://git@localhost:2222/x", "URL=ssh://git@localhost:2222/x")]
    [InlineData("PRIVATE_KEY=", "PRIVATE_KEY=")]
    [InlineData("", "")]
    public void What_looks_like_a_secret_is_masked(string line, string masked) =>
        Assert.Equal([masked], SecretMask.Apply([line]));

    [Theory]
    [InlineData("KEY=\"one\ntwo\nthree\"\nPORT=1", "KEY=***\n***\n***\nPORT=1")]
    [InlineData("secret: |\n  one\n\n  two\nport: 1", "secret: ***\n***\n***\n***\nport: 1")]
    [InlineData("password:\n  abc\nport: 1", "password:\n***\nport: 1")]
    [InlineData("- name: DB_PASSWORD\n  value: abc\n- name: PORT\n  value: 1", "- name: DB_PASSWORD\n***\n- name: PORT\n  value: 1")]
    [InlineData("X='-----BEGIN PRIVATE\nabc\n-----END PRIVATE'\nport: 1", "X='-----BEGIN PRIVATE\n***\n***\nport: 1")]
    public void A_secret_of_several_lines_is_masked_to_its_end(string text, string masked) =>
        Assert.Equal(masked.Split('\n'), SecretMask.Apply(text.Split('\n')));

    [Fact]
    public void No_secret_survives_in_any_form_and_lines_keep_their_number()
    {
        var form = OneOf(
            "API_{0}={1}", "  {0}: {1}", "  {0}: \"{1}\"", "\"my_{0}\": \"{1}\",", "export A_{0}='{1}'", "- X_{0}={1}", "run --my-{0} {1} --port 1", "run --{0}={1}",
            "- name: MY_{0}\n  value: {1}", "URL=postgresql://u:{1}@localhost:5432/db?{0}=x", "URL=https://{1}@host/4", "URL=amqps://:{1}@host", "DSN=u:{1}@tcp(localhost:3306)/db",
            "DSN=Host=x;{0}={1};Port=1", "A=https://hooks.slack.com/services/T1/{1}", "A=https://discord.com/api/webhooks/1/{1}", "A=http://h/?a=1&my_{0}={1}&b=2",
            "MY_WEBHOOK_URL=https://h:1/x/{1}", "Authorization: Bearer {1}", "curl -H \"X-{0}: {1}\"", "A=Bearer {1}");
        var name = OneOf("PW", "PASS", "PASSWORD", "KEY", "TOKEN", "SECRET", "pwd", "pass", "key", "secret", "token", "credentials");
        var secret = Gen.String[Gen.Char["abcdefXYZ0123456789-_.+"], 8, 40].Select(text => "Q7" + text);
        Gen.Select(form, name, secret).Sample((format, word, value) =>
        {
            var lines = string.Format(CultureInfo.InvariantCulture, format, word, value).Split('\n');
            var masked = SecretMask.Apply(lines);
            return masked.Count == lines.Length && !string.Join('\n', masked).Contains(value, StringComparison.Ordinal);
        }, iter: 10_000);
    }

    [Fact]
    public void Any_text_is_masked_in_bounded_time() =>
        Gen.String[Gen.Char["abpwkey:/@=\"' -.\n#{}[]?&;_"], 0, 400].Sample(text => SecretMask.Apply(text.Split('\n')).Count == text.Split('\n').Length, iter: 10_000);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
