using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class MountedFileTests
{
    private static readonly ComposeService Proxy = new()
    {
        Name = "proxy",
        Ports = [new PublishedPort("proxy", 4000, 8090)],
        ExtraHosts = new Dictionary<string, IReadOnlyList<string>>
        {
            ["host.docker.internal"] = ["host-gateway"], ["Gateway.local"] = ["host-gateway"], ["other"] = ["192.0.2.7"],
        },
        Exposes = [9000],
    };

    [Theory]
    [InlineData("proxy_pass http://host.docker.internal:5173;", "proxy_pass http://host.docker.internal:5273;")]
    [InlineData("server host.docker.internal:3211 backup;", "server host.docker.internal:3311 backup;")]
    [InlineData("server gateway.local:3211;", "server gateway.local:3311;")]
    [InlineData("server GATEWAY.local:3211;", "server GATEWAY.local:3311;")]
    [InlineData("http://dev.example.org:5173/", "http://dev.example.org:5273/")]
    [InlineData("http://dev.example.organic:5173/", "http://dev.example.organic:5173/")]
    [InlineData("my-gateway.local:3211", "my-gateway.local:3211")]
    [InlineData("server other:3211;", "server other:3211;")]
    [InlineData("server backend:3211;", "server backend:3211;")]
    [InlineData("add_header Origin http://localhost:5173;", "add_header Origin http://localhost:5273;")]
    [InlineData("curl http://localhost:9000/health", "curl http://localhost:9000/health")] // its own port
    [InlineData("upstream host.docker.internal:9000", "upstream host.docker.internal:9100")] // but that is the host
    [InlineData("db:\n  host: host.docker.internal\n  port: 5433\nother:\n  port: 5433", "db:\n  host: host.docker.internal\n  port: 5533\nother:\n  port: 5433")]
    [InlineData("- port: 5433\n  host: 10.0.0.5\n- port: 5433\n  host: host.docker.internal", "- port: 5433\n  host: 10.0.0.5\n- port: 5533\n  host: host.docker.internal")]
    [InlineData("db.host = host.docker.internal\ndb.port = 5433", "db.host = host.docker.internal\ndb.port = 5533")]
    [InlineData("db:\n  host: localhost\n  port: 5433", "db:\n  host: localhost\n  port: 5433")] // itself
    [InlineData("server: {\"host\": \"0.0.0.0\", \"port\": 5433}", "server: {\"host\": \"0.0.0.0\", \"port\": 5433}")]
    [InlineData("# see http://localhost:5173", "# see http://localhost:5173")]
    [InlineData("root_url = http://localhost:9000/", "root_url = http://localhost:9100/")] // its own, for browsers
    [InlineData("listen 0.0.0.0:5173;", "listen 0.0.0.0:5173;")]
    [InlineData("allow 172.28.0.0/16;\r\n# ü", "allow 10.255.0.0/16;\r\n# ü")]
    [InlineData("realm = tenant-main", "realm = tenant-1")]
    [InlineData("server db.example.com:5433;", "server db.example.com:5433;")]
    [InlineData("server { listen 4000; location / { } }", "server { absolute_redirect off; listen 4000; location / { } }")]
    [InlineData("server { listen 80; location / { } }\nserver {\n listen [::]:4000 ssl; return 301 /x; }", "server { absolute_redirect off; listen 80; location / { } }\nserver { absolute_redirect off;\n listen [::]:4000 ssl; return 301 /x; }")]
    [InlineData("http {\n  server { listen *:4000; location / { } }\n}\nstream { server { listen 1; } }", "http { absolute_redirect off;\n  server { listen *:4000; location / { } }\n}\nstream { server { listen 1; } }")]
    [InlineData("server { listen 9000; location / { } }", "server { listen 9000; location / { } }")] // not published
    [InlineData("server { listen 4000; proxy_pass db; }", "server { listen 4000; proxy_pass db; }")] // stream
    [InlineData("server { absolute_redirect on; listen 4000; location / { } }", "server { absolute_redirect on; listen 4000; location / { } }")]
    [InlineData("# server { listen 4000; location / { } }", "# server { listen 4000; location / { } }")]
    public void Changes_what_addresses_the_host_and_nothing_else(string text, string expected) =>
        Assert.Equal(expected, For(1).File(text, "proxy.conf"));

    [Theory]
    [InlineData("server { listen 80; return 301 https://$host$request_uri; }", "server { listen 80; return 301 https://$host:8543$request_uri; }")]
    [InlineData("return 308 \"https://${host}/x\";", "return 308 \"https://${host}:8543/x\";")]
    [InlineData("rewrite ^ https://$server_name$uri permanent;", "rewrite ^ https://$server_name:8543$uri permanent;")]
    [InlineData("return 301 https://$host:8443/;", "return 301 https://$host:8443/;")]
    [InlineData("return 301 http://$host/;", "return 301 http://$host/;")] // 80 stays
    [InlineData("return 301 https://$hostname/; proxy_pass https://$host;", "return 301 https://$hostname/; proxy_pass https://$host;")]
    [InlineData("# return 301 https://$host;", "# return 301 https://$host;")]
    public void A_redirect_to_the_name_that_the_client_has_used_gets_the_port(string text, string expected) =>
        Assert.Equal(expected, NginxConfig.WithPorts(text, port => port == 443 ? 8543 : port));

    [Fact]
    public void Changes_nothing_in_instance_0() =>
        Assert.Equal("http://host.docker.internal:5173", For(0).File("http://host.docker.internal:5173", "proxy.conf"));

    private static ServiceTexts For(int instance)
    {
        var stack = Tests.Studio.Stack with
        {
            Literals = LiteralRules.None with
            {
                Hosts = ["dev.example.org"], Replacements = [new LiteralReplacement("tenant-main", "tenant-{instance}")],
            },
        };
        return new ServiceTexts(Proxy, new InstanceSpec(stack, "/home/dev/studio", instance).TranslatorFor(
            PortPlanner.Plan(stack, Proxy.Ports, instance),
            SubnetPlanner.Plan([Ports.SubnetPlannerTests.Network("net", "172.28.0.0/16")], instance)));
    }
}
