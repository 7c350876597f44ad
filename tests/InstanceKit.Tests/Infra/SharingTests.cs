using System.Text.Json.Nodes;
using InstanceKit.Infra;
using InstanceKit.Models;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Infra;

public sealed class SharingTests
{
    private const string Workspace = "/home/dev/studio";

    private const string Layout =
        """
        {
          "name": "shipsec-dev-0",
          "services": {
            "postgres": {"image": "postgres:16-alpine", "ports": [{"target": 5432, "published": "5433", "protocol": "tcp"}],
              "volumes": [{"type": "volume", "source": "pg", "target": "/var/lib/postgresql/data"}, {"type": "bind", "source": "/home/dev/studio/docker/init", "target": "/docker-entrypoint-initdb.d"}]},
            "temporal": {"image": "temporalio/auto-setup:1.25", "depends_on": {"postgres": {"condition": "service_healthy"}}, "environment": {"POSTGRES_SEEDS": "postgres"}},
            "temporal-ui": {"image": "temporalio/ui:2.34", "depends_on": {"temporal": {"condition": "service_started"}}, "environment": {"TEMPORAL_ADDRESS": "temporal:7233"}},
            "minio": {"image": "minio/minio:1"},
            "redis": {"image": "redis:7", "command": ["redis-server", "--appendonly", "yes"]},
            "loki": {"image": "grafana/loki:3"},
            "redpanda": {"image": "redpandadata/redpanda:v24"},
            "redpanda-console": {"image": "redpandadata/console:v2", "depends_on": {"redpanda": {"condition": "service_healthy"}}},
            "opensearch": {"image": "opensearchproject/opensearch:2", "volumes": [{"type": "volume", "source": "search", "target": "/usr/share/opensearch/data"}]},
            "dashboards": {"image": "opensearchproject/opensearch-dashboards:2", "depends_on": {"opensearch": {"condition": "service_started"}}},
            "nginx": {"image": "nginx:1"}
          },
          "volumes": {"pg": {"name": "shipsec-dev-0_pg"}, "search": {"name": "shipsec-dev-0_search"}},
          "networks": {"default": {"name": "shipsec-dev-0_default"}}
        }
        """;

    private static readonly string[] Variables = [.. Studio.Stack.Variables.Concat(Studio.Stack.SharedVariables).Select(v => v.Key)];

    [Fact]
    public void Of_Studio_everything_is_shared_that_can_be_parted_with_its_consoles() => Assert.Equal(
        """
        loki Loki
        postgres PostgreSql
        redis Redis
        redpanda Kafka
        redpanda-console -
        temporal Temporal
        temporal-ui -
        """.ReplaceLineEndings("\n"),
        Show(Sharing.Decide(Model(), Studio.Stack, Variables)));

    [Fact]
    public void What_an_own_service_reaches_inside_the_network_is_the_instances_own()
    {
        var model = Model(s => s["nginx"] = new JsonObject { ["image"] = "nginx:1", ["environment"] = new JsonObject { ["CACHE"] = "redis:6379" } });

        Assert.DoesNotContain(Sharing.Decide(model, Studio.Stack, Variables), s => s.Name == "redis");
    }

    [Fact]
    public void What_depends_on_an_own_service_is_own_too()
    {
        var stack = Choose("postgres", ServiceSharing.Own);

        Assert.DoesNotContain(Sharing.Decide(Model(), stack, Variables), s => s.Name is "postgres" or "temporal" or "temporal-ui");
    }

    [Fact]
    public void A_server_is_shared_only_if_a_variable_can_name_the_part()
    {
        var stack = Studio.Stack with { DefaultSharing = new Dictionary<string, ServiceSharing>() };

        Assert.Equal(["postgres", "redis", "temporal", "temporal-ui"], Sharing.Decide(Model(), stack, ["TEMPORAL_NAMESPACE"]).Select(s => s.Name));
        Assert.Contains(Sharing.Decide(Model(), stack, ["S3_BUCKET"]), s => s is { Name: "minio" });
    }

    [Fact]
    public void A_common_service_is_marked()
    {
        var shared = Sharing.Decide(Model(), Choose("opensearch", ServiceSharing.Common), Variables);

        Assert.Contains(shared, s => s is { Name: "opensearch", IsCommon: true, Kind: null });
        Assert.Contains(shared, s => s is { Name: "dashboards", IsCommon: false });
    }

    [Theory]
    [InlineData("search", ServiceSharing.Own, "instancekit.yml: 'search' under infra.services is not a service of the compose files.")]
    [InlineData("opensearch", ServiceSharing.Tenant, "instancekit.yml: service opensearch can't be parted: no tenants of image opensearchproject/opensearch:2 are known.")]
    [InlineData("dashboards", ServiceSharing.Common, "instancekit.yml: service dashboards can't be shared, because service opensearch of each instance reaches it inside the project's network.")]
    public void A_choice_that_is_not_possible_is_refused(string service, ServiceSharing choice, string message)
    {
        var error = Assert.Throws<InstanceKitException>(() => Sharing.Decide(Model(), Choose(service, choice), Variables));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void The_compose_file_does_not_depend_on_the_checkout()
    {
        var shared = Sharing.Decide(Model(), Studio.Stack, Variables);
        var one = SharedCompose.Of(Layout, Model(), Workspace, shared);
        var other = Layout.Replace(Workspace, "/src/other", StringComparison.Ordinal);
        var two = SharedCompose.Of(other, ComposeModelReader.Read(other), "/src/other", shared);

        Assert.Equal(one.Text, two.Text);
        Assert.Equal(["files/docker/init"], one.Copies.Keys);
        Assert.DoesNotContain("shipsec-dev-0", one.Text, StringComparison.Ordinal);
        Assert.Equal(shared.Select(s => s.Name), SharedCompose.ServicesOf(one.Text));
    }

    [Fact]
    public void Servers_get_what_many_tenants_need()
    {
        var text = Compose().Text;

        Assert.Equal(["-c", "max_connections=820"], CommandOf(text, "postgres"));
        Assert.Equal(["-config.file=/etc/loki/local-config.yaml", "-auth.enabled=true"], CommandOf(text, "loki"));
        Assert.Equal(["redis-server", "--appendonly", "yes", "--databases", "256", "--include", "/instancekit/users.conf"], CommandOf(text, "redis"));
        Assert.Contains("./users/redis", text, StringComparison.Ordinal);
        var own = Compose(s => s["redis"]!["command"] = new JsonArray("redis-server", "--aclfile", "/data/users.acl")).Text;
        Assert.Equal(["redis-server", "--aclfile", "/data/users.acl", "--databases", "256"], CommandOf(own, "redis"));
        Assert.DoesNotContain("./users", own, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_name_the_service_and_the_setting()
    {
        var before = Compose();
        var after = Compose(s => s["postgres"]!["image"] = "postgres:15");

        Assert.Empty(SharedCompose.Differences(before.Text, before.Text));
        Assert.Equal(["postgres: image is postgres:16-alpine, here postgres:15"], SharedCompose.Differences(before.Text, after.Text));
    }

    [Fact]
    public void A_difference_shows_no_password()
    {
        var (before, after) = (Compose(s => s["postgres"]!["environment"] = new JsonObject { ["POSTGRES_PASSWORD"] = "hunter2" }), Compose());

        Assert.DoesNotContain("hunter2", Assert.Single(SharedCompose.Differences(before.Text, after.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Loki_whose_command_is_a_line_of_a_shell_is_refused_because_it_would_mix_all_tenants()
    {
        var error = Assert.Throws<InstanceKitException>(() => Compose(s => s["loki"]!["command"] = new JsonArray("sh", "-c", "loki -config.file=/x")));

        Assert.StartsWith("Service loki can't be shared", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_the_present_infrastructure_lacks_is_added_and_nothing_else_changes()
    {
        var before = Compose(s => s.Remove("loki"));
        var after = Compose().AddedTo(before.Text);

        Assert.Equal(["loki"], SharedCompose.ServicesOf(after.Text).Except(SharedCompose.ServicesOf(before.Text)));
        Assert.Empty(SharedCompose.Differences(before.Text, after.Text));
    }

    private static SharedCompose Compose(Action<JsonObject>? change = null)
    {
        var model = Model(change);
        var root = JsonNode.Parse(Layout)!;
        change?.Invoke(root["services"]!.AsObject());
        return SharedCompose.Of(root.ToJsonString(), model, Workspace, Sharing.Decide(model, Studio.Stack, Variables));
    }

    private static StackDefinition Choose(string service, ServiceSharing sharing) => Studio.Stack with
    {
        Infra = InfraDefinition.None with { Services = new Dictionary<string, ServiceSharing> { [service] = sharing } },
    };

    private static ComposeModel Model(Action<JsonObject>? change = null)
    {
        var root = JsonNode.Parse(Layout)!;
        change?.Invoke(root["services"]!.AsObject());
        return ComposeModelReader.Read(root.ToJsonString());
    }

    private static string[] CommandOf(string text, string service) =>
        [.. JsonNode.Parse(text)!["services"]![service]!["command"]!.AsArray().Select(w => (string)w!)];

    private static string Show(IEnumerable<SharedService> services) =>
        string.Join('\n', services.Select(s => $"{s.Name} {(s.Kind is { } kind ? $"{kind}" : "-")}"));
}
