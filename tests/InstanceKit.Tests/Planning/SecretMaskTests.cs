using InstanceKit.Planning;
using Xunit;

namespace InstanceKit.Tests.Planning;

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
    [InlineData("PRIVATE_KEY=", "PRIVATE_KEY=")]
    [InlineData("", "")]
    public void What_looks_like_a_secret_is_masked(string line, string masked) =>
        Assert.Equal([masked], SecretMask.Apply([line]));

    [Theory]
    [InlineData("KEY=\"one\ntwo\nthree\"\nPORT=1", "KEY=***\n***\n***\nPORT=1")]
    [InlineData("secret: |\n  one\n\n  two\nport: 1", "secret: ***\n***\n***\n***\nport: 1")]
    [InlineData("password:\n  abc\nport: 1", "password:\n***\nport: 1")]
    [InlineData("X='-----BEGIN PRIVATE\nabc\n-----END PRIVATE'\nport: 1", "X='-----BEGIN PRIVATE\n***\n***\nport: 1")]
    public void A_secret_of_several_lines_is_masked_to_its_end(string text, string masked) =>
        Assert.Equal(masked.Split('\n'), SecretMask.Apply(text.Split('\n')));
}
