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
    [InlineData("\"cwd\":\"with-port\"", 3002)]
    [InlineData("\"script\":\"npm\",\"args\":\"run dev\"", 5173)]
    [InlineData("\"script\":\"npm\",\"args\":\"run other\"", 4000)]
    [InlineData("\"script\":\"npm\",\"args\":\"run worker\"", null)]
    [InlineData("\"env\":{\"PORT\":\"many\"}", null)]
    public void Its_port_is_what_it_says_or_what_its_dev_server_takes(string keys, int? port) => Assert.Equal(port, Assert.Single(
        DiscoveredApps.Of(
            $$"""[{"name":"a",{{keys}}{{(keys.Contains("script", StringComparison.Ordinal) ? "" : ",\"script\":\"x.js\"")}}}]""", "/ws", "acme",
            _ => new Dictionary<string, string> { ["dev"] = "vite", ["other"] = "next dev --port 4000", ["worker"] = "node worker.js" },
            folder => folder == "with-port" ? new Dictionary<string, string> { ["PORT"] = "3002" } : None)).Port);

    [Theory]
    [InlineData("/ws/apps/web", "apps/web")]
    [InlineData("./apps/web/", "apps/web")]
    [InlineData("/ws", ".")]
    public void Its_folder_is_relative_to_the_workspace(string cwd, string expected) => Assert.Equal(
        expected, Assert.Single(Of($$"""[{"name":"a","script":"x","cwd":"{{cwd}}"}]""")).Directory.TrimEnd('/'));

    private static IReadOnlyList<DiscoveredApp> Of(string config) => DiscoveredApps.Of(config, "/ws", "acme", _ => None, _ => None);
}
