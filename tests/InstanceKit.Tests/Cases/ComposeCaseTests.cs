using Xunit;

namespace InstanceKit.Tests.Cases;

/// <summary>Variables of a service whose values address the service itself; other cases are tested over the program.</summary>
public sealed class ComposeCaseTests
{
    [Theory]
    [InlineData("NEXTAUTH_URL", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("SITE_URL", "http://localhost:3000/", "http://localhost:3100/")]
    [InlineData("KC_HOSTNAME", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("MINIO_SERVER_URL", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("WEBHOOK_URL", "http://localhost:3000/", "http://localhost:3100/")]
    [InlineData("HEALTH_URL", "http://localhost:3000/healthz", null)]
    [InlineData("INTERNAL_API", "http://localhost:3000", null)]
    [InlineData("N8N_PORT", "3000", null)]
    [InlineData("DATABASE_URL", "postgres://desk:desk@db:5432/desk", null)]
    [InlineData("LOCAL_DB", "postgres://localhost/desk", null)]
    public void A_url_of_a_service_itself_is_what_browsers_are_told(string name, string value, string? expected)
    {
        var instance = new CaseWorkspace("desk").With("compose.yaml", $$"""
            services:
              portal:
                image: acme/portal
                command: start --http-port=3000
                ports: ["3000:3000"]
                environment: { {{name}}: "{{value}}" }
                healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]}
              db: {image: "postgres:16", ports: ["5432:5432"]}
            """).Instance(1);

        Assert.Equal(expected, instance.Environment("portal").GetValueOrDefault(name));
        Assert.Empty(instance.List("portal", "command"));
        Assert.Empty(instance.List("portal", "healthcheck", "test"));
    }
}
