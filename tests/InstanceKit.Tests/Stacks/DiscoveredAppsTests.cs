using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class DiscoveredAppsTests
{
    private static readonly Dictionary<string, string> None = [];

    [Theory]
    [InlineData("acme-web-0", "web", "acme-web-{instance}")]
    [InlineData("acme-web", "web", "acme-web")]
    [InlineData("web_0", "web", "web_{instance}")]
    [InlineData("web10", "web10", "web10")]
    [InlineData("My Web!", "my-web", "My Web!")]
    [InlineData("@scope/api", "scope-api", "@scope/api")]
    public void An_app_is_called_by_what_is_its_own(string name, string expected, string template)
    {
        var app = Assert.Single(Of($$"""[{"name":"{{name}}","script":"x"}]"""));

        Assert.Equal((expected, template), (app.Name, app.ConfigName));
    }

    [Fact]
    public void Two_apps_never_share_a_name() => Assert.Equal(
        ["acme-web", "web"], Of("""[{"name":"acme-web","script":"x"},{"name":"web","script":"y"}]""").Select(a => a.Name));

    [Theory]
    [InlineData("\"env\":{\"PORT\":3000}", 3000)]
    [InlineData("\"env\":{\"PORT\":\"3000\"}", 3000)]
    [InlineData("\"args\":\"--port 3001\"", 3001)]
    [InlineData("\"args\":[\"--port=3001\"]", 3001)]
    [InlineData("\"args\":\"-p 3001\"", 3001)]
    [InlineData("\"args\":\"-p3001\"", 3001)]
    [InlineData("\"cwd\":\"with-port\"", 3002)]
    [InlineData("\"script\":\"npm\",\"args\":\"run dev\"", 5173)]
    [InlineData("\"script\":\"npm\",\"args\":\"run other\"", 4000)]
    [InlineData("\"script\":\"npm\",\"args\":\"run worker\"", null)]
    [InlineData("\"env\":{\"PORT\":\"many\"}", null)]
    [InlineData("\"env_development\":{\"PORT\":3010}", 3010)]
    [InlineData("\"env\":{\"API_PORT\":3002}", 3002)]
    [InlineData("\"env\":{\"A_PORT\":3003,\"API_PORT\":3002}", 3003)]
    [InlineData("\"env\":{\"WEB_PORT\":3003,\"API_PORT\":3002}", null)]
    [InlineData("\"env\":{\"API_HOST\":\"localhost\",\"API_PORT\":3002}", null)]
    [InlineData("\"env\":{\"HTTP_HOST\":\"0.0.0.0\",\"HTTP_PORT\":3002}", 3002)]
    [InlineData("\"env\":{\"DB_PORT\":5433,\"REDIS_PORT\":6379}", null)]
    [InlineData("\"env\":{\"SERVER_PORT\":5432}", null)]
    [InlineData("\"args\":[\"--host\",\"0.0.0.0\",\"--server-port\",\"8081\"]", 8081)]
    [InlineData("\"args\":\"--server.port=8081\"", 8081)]
    [InlineData("\"args\":\"--db-port 5433\"", null)]
    [InlineData("\"script\":\"gunicorn\",\"args\":\"-w 2 -b 127.0.0.1:8083 app:app\"", 8083)]
    [InlineData("\"script\":\"gunicorn\",\"args\":\"--bind=:8083 app:app\"", 8083)]
    [InlineData("\"script\":\"gunicorn\",\"args\":\"app:app\"", 8000)]
    [InlineData("\"script\":\"uvicorn\",\"args\":\"main:app --port 8084 --reload\"", 8084)]
    [InlineData("\"script\":\"python3 -m uvicorn main:app\"", 8000)]
    [InlineData("\"script\":\"node node_modules/.bin/next dev -p 3001\"", 3001)]
    [InlineData("\"script\":\"node node_modules/.bin/next dev\"", 3000)]
    [InlineData("\"script\":\"npm run other\"", 4000)]
    [InlineData("\"script\":\"npm run inline\",\"env\":{\"PORT\":3000}", 3006)]
    [InlineData("\"script\":\"PORT=${PORT:-3006} node x.js\"", 3006)]
    [InlineData("\"script\":\"PORT=${PORT:-3006} node x.js\",\"env\":{\"PORT\":3000}", 3000)]
    [InlineData("\"script\":\"NODE_ENV=development PORT='3006' node x.js\"", 3006)]
    [InlineData("\"script\":\"python manage.py runserver\"", 8000)]
    [InlineData("\"script\":\"python manage.py migrate\"", null)]
    [InlineData("\"script\":\"php artisan serve\"", 8000)]
    [InlineData("\"script\":\"python3 -m http.server -d public\"", 8000)]
    [InlineData("\"script\":\"python manage.py runserver 8001\"", 8001)]
    [InlineData("\"script\":\"python\",\"args\":\"manage.py runserver 0.0.0.0:8001\"", 8001)]
    [InlineData("\"script\":\"python3 -m http.server 8001\"", 8001)]
    [InlineData("\"script\":\"php -S localhost:8001 -t public\"", 8001)]
    [InlineData("\"script\":\"./server\",\"args\":\"-addr :8001\"", 8001)]
    public void Its_port_is_what_it_says_or_what_its_dev_server_takes(string keys, int? port) => Assert.Equal(port, Assert.Single(
        DiscoveredApps.Of(
            $$"""[{"name":"a",{{keys}}{{(keys.Contains("script", StringComparison.Ordinal) ? "" : ",\"script\":\"x.js\"")}}}]""", "/ws", "acme",
            _ => new Dictionary<string, string> { ["dev"] = "vite", ["other"] = "next dev --port 4000", ["worker"] = "node worker.js", ["inline"] = "cross-env A=b PORT=3006 node x.js" },
            folder => folder == "with-port" ? new Dictionary<string, string> { ["PORT"] = "3002" } : None, (_, port) => port == 5432)).Port);

    [Theory]
    [InlineData("\"node_args\":\"--inspect=9230\"", "INSPECT 9230")]
    [InlineData("\"interpreter_args\":[\"--inspect-brk=127.0.0.1:9231\"]", "INSPECT 9231")]
    [InlineData("\"env\":{\"NODE_OPTIONS\":\"--enable-source-maps --inspect=9232\"}", "INSPECT 9232")]
    [InlineData("\"args\":\"shd --metrics-port 3389\",\"env\":{\"METRICS_PORT\":3389}", "METRICS 3389")]
    [InlineData("\"env\":{\"METRICS_HOST\":\"stats\",\"METRICS_PORT\":3389,\"GRPC_PORT\":5432}", "")]
    [InlineData("\"node_args\":\"--inspect\"", "INSPECT 9229")]
    [InlineData("\"node_args\":\"--inspector\"", "")]
    public void Its_further_ports_are_those_of_inspectors_and_the_like(string keys, string expected) => Assert.Equal(expected, string.Join(", ", Assert.Single(
        DiscoveredApps.Of($$"""[{"name":"a","script":"x.js",{{keys}}}]""", "/ws", "acme", _ => None, _ => None, (_, port) => port == 5432))
        .Further.Select(f => $"{f.Name} {f.Port}")));

    [Fact]
    public void A_variable_of_several_apps_is_the_port_of_the_one_it_is_named_after()
    {
        var apps = Of("""
            [{"name":"web","script":"w.js","env":{"API_PORT":3002}}, {"name":"api","script":"a.js","env":{"API_PORT":3002},"node_args":"--inspect=9229"},
             {"name":"job","script":"j.js","env":{"JOB_PORT":3005,"API_PORT":3002},"node_args":"--inspect=9229"},
             {"name":"one","script":"o.js","env":{"HTTP_PORT":3009}}, {"name":"two","script":"t.js","env":{"PORT":3009}}]
            """);

        Assert.Equal([null, 3002, null, null, 3009], apps.Select(a => a.Port));
        Assert.Equal([0, 1, 0, 0, 0], apps.Select(a => a.Further.Count));
    }

    [Theory]
    [InlineData("/ws/apps/web", "apps/web")]
    [InlineData("./apps/web/", "apps/web")]
    [InlineData("/ws", ".")]
    public void Its_folder_is_relative_to_the_workspace(string cwd, string expected) => Assert.Equal(
        expected, Assert.Single(Of($$"""[{"name":"a","script":"x","cwd":"{{cwd}}"}]""")).Directory.TrimEnd('/'));

    private static IReadOnlyList<DiscoveredApp> Of(string config) => DiscoveredApps.Of(config, "/ws", "acme", _ => None, _ => None);
}
