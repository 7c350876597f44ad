using System.Text.Json.Nodes;
using InstanceKit.Addresses;
using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Stacks;
using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.Tests.Apps;

public sealed class Pm2EcosystemTests
{
    [Theory]
    [InlineData("shipsec-backend-1")]
    [InlineData("shipsec-backend")]
    [InlineData("backend")]
    public void The_workspace_s_own_app_is_found_by_its_names(string name) =>
        Assert.Equal("own.js", (string?)Entry($$"""[{"name":"{{name}}","script":"own.js"}]""")["script"]);

    [Theory]
    [InlineData("shipsec-backend-2")]
    [InlineData("shipsec-backend-11")]
    [InlineData("my-backend")]
    public void An_app_of_another_name_is_left_out_and_named(string name)
    {
        var ecosystem = Create($$"""[{"name":"{{name}}","script":"own.js"}]""");

        Assert.Equal("npm", (string?)EntryOf(ecosystem)["script"]);
        Assert.Equal([$"App {name} of the workspace's PM2 config is not part of the stack and is not started."], ecosystem.Notes);
    }

    [Fact]
    public void The_nearest_name_wins()
    {
        var ecosystem = Create("""[{"name":"backend","script":"a.js"},{"name":"shipsec-backend-1","script":"b.js"}]""");

        Assert.Equal("b.js", (string?)EntryOf(ecosystem)["script"]);
        Assert.Equal(["App backend of the workspace's PM2 config is not part of the stack and is not started."], ecosystem.Notes);
    }

    [Fact]
    public void A_stack_of_another_name_finds_the_config_s_apps()
    {
        var spec = Studio.Spec(1) with { Stack = StudioStack.Create("other") };
        var app = Studio.AppPlan(1, "backend") with { ProcessName = "other-backend-1" };

        var ecosystem = Pm2Ecosystem.Create(
            spec, Studio.Ports(1), [app], Environment([]), """[{"name":"shipsec-backend-1","script":"own.js"}]""");

        Assert.Equal(("own.js", "other-backend-1"), ((string?)EntryOf(ecosystem)["script"], (string?)EntryOf(ecosystem)["name"]));
    }

    [Theory]
    [InlineData("postgres://app:app@localhost:5433/shop", "postgres://app:app@localhost:5533/shop", "postgres://shipsec_instance_1:pw@localhost:5433/shipsec_instance_1", 0)]
    [InlineData("localhost:9000", "localhost:9100", "localhost:9100", 0)] // not shared: it stays as computed
    [InlineData("postgres://app@localhost:5433/shop_0", "postgres://app@localhost:5533/shop_1", "postgres://app@localhost:5433/shop_1", 1)]
    [InlineData("postgres://app@localhost:5433/shop", "postgres://app@db-1/shop", "postgres://app@db-1/shop", 1)]
    public void What_a_config_computes_for_an_instance_reaches_its_part_of_a_shared_server(string before, string now, string expected, int unknown)
    {
        var (ecosystem, entry) = Shared(
            $$"""[{"name":"backend","script":"own.js","env":{"URL":"{{now}}"} }]""", $$"""[{"name":"backend","script":"own.js","env":{"URL":"{{before}}"} }]""");

        Assert.Equal(expected, (string?)entry["env"]!["URL"]);
        Assert.Equal(unknown, ecosystem.Mentions.Count(m => m.Decision == MentionDecision.Unknown));
    }

    [Fact]
    public void Computed_ports_and_words_reach_a_shared_server_with_the_variables_beside_them()
    {
        var (_, entry) = Shared(
            """[{"name":"backend","script":"own.js","args":"--db postgres://app@localhost:5533/shop","env":{"DB_HOST":"localhost","DB_PORT":"5533","DB_NAME":"shop","DB_USER":"app","DB_PASSWORD":"app"}}]""",
            """[{"name":"backend","script":"own.js","args":"--db postgres://app@localhost:5433/shop","env":{"DB_HOST":"localhost","DB_PORT":"5433","DB_NAME":"shop","DB_USER":"app","DB_PASSWORD":"app"}}]""");

        Assert.Equal("--db postgres://shipsec_instance_1:pw@localhost:5433/shipsec_instance_1", (string?)entry["args"]);
        Assert.Equal(
            ["5433", "shipsec_instance_1", "shipsec_instance_1", "pw"],
            new[] { "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD" }.Select(k => (string?)entry["env"]![k]));
    }

    private static (Pm2Ecosystem Ecosystem, JsonNode Entry) Shared(string config, string baseline)
    {
        var infrastructure = Studio.Ports(0);
        var ports = Studio.Ports(1).WithShared(["postgres"], infrastructure);
        var tenant = new Tenant("postgres", TenantKind.PostgreSql, "shipsec_instance_1", "shipsec_instance_1", "pw") { Base = "shop" };
        var spec = Studio.Spec(1) with { Shared = new SharedPart(["postgres"], infrastructure, new Dictionary<int, Tenant> { [5433] = tenant }) };
        var ecosystem = Pm2Ecosystem.Create(spec, ports, [Studio.AppPlan(1, "backend")], Environment([]), config, baseline: baseline);
        return (ecosystem, EntryOf(ecosystem));
    }

    [Theory]
    [InlineData("env_file")]
    [InlineData("output")]
    [InlineData("out")]
    [InlineData("err_file")]
    [InlineData("log_file")]
    [InlineData("pid_file")]
    [InlineData("pm_out_log_path")]
    public void What_instances_would_share_is_dropped(string key) =>
        Assert.Null(Entry($$"""[{"name":"backend","script":"own.js","{{key}}":"shared"}]""")[key]);

    [Theory]
    [InlineData("\"instances\":4", 1)]
    [InlineData("\"instances\":\"max\",\"exec_mode\":\"cluster\"", 1)]
    [InlineData("\"exec_mode\":\"cluster_mode\"", 1)]
    [InlineData("\"instances\":1", 0)]
    [InlineData("\"instances\":1,\"exec_mode\":\"fork\"", 0)]
    public void An_app_is_one_process(string keys, int notes)
    {
        var ecosystem = Create($$"""[{"name":"backend","script":"own.js",{{keys}}}]""");

        Assert.Equal(("fork", null), ((string?)EntryOf(ecosystem)["exec_mode"], EntryOf(ecosystem)["instances"]));
        Assert.Equal(notes, ecosystem.Notes.Count);
    }

    [Fact]
    public void Every_instance_has_its_own_logs()
    {
        var entry = Entry("""[{"name":"backend","script":"own.js","out_file":"shared","error_file":"shared"}]""");

        Assert.Equal("/home/dev/studio/.instances/instance-1/logs/backend.out.log", (string?)entry["out_file"]);
        Assert.Equal("/home/dev/studio/.instances/instance-1/logs/backend.err.log", (string?)entry["error_file"]);
    }

    [Theory]
    [InlineData("\"cwd\":\"packages/api\",", "/home/dev/studio/packages/api")]
    [InlineData("\"cwd\":\"/elsewhere\",", "/elsewhere")]
    [InlineData("\"cwd\":\"./x/../y\",", "/home/dev/studio/y")]
    [InlineData("", "/home/dev/studio")]
    public void The_folder_is_absolute(string cwd, string expected) =>
        Assert.Equal(expected, (string?)Entry($$"""[{"name":"backend",{{cwd}}"script":"own.js"}]""")["cwd"]);

    [Fact]
    public void The_env_file_wins_over_the_instance_and_the_instance_over_the_config()
    {
        const string config = """
            [{"name":"backend","env":{"A":"config","NODE_ENV":"config","PORT":"config"}}]
            """;
        var environment = EntryOf(Create(config, new() { ["PORT"] = "file", ["B"] = "file" }))["env"]!;

        Assert.Equal(
            ("config", "file", "development", "file"),
            ((string?)environment["A"], (string?)environment["B"], (string?)environment["NODE_ENV"], (string?)environment["PORT"]));
    }

    [Theory]
    [InlineData("http://localhost:3211/api", "http://localhost:3311/api")]
    [InlineData("localhost:9092,localhost:9093", "localhost:9192,localhost:9093")]
    [InlineData("http://localhost:3311/api", "http://localhost:3311/api")]
    [InlineData("https://studio.example.com:3211", "https://studio.example.com:3211")]
    public void A_base_port_in_the_config_is_the_instance_s(string value, string expected) =>
        Assert.Equal(expected, (string?)Entry($$$"""[{"name":"backend","env":{"X":"{{{value}}}"}}]""")["env"]!["X"]);

    [Fact]
    public void A_base_port_that_the_config_computed_for_this_instance_is_left()
    {
        // 5433 + 18 · 100 = 7233, which is Temporal's port of instance 0.
        var ecosystem = Pm2Ecosystem.Create(
            Studio.Spec(18), Studio.Ports(18), [Studio.AppPlan(18, "backend")], Environment([]),
            """[{"name":"backend","env":{"X":"localhost:7233","Y":"localhost:6379"}}]""");

        Assert.Equal(
            ("localhost:7233", "localhost:8179"),
            ((string?)EntryOf(ecosystem)["env"]!["X"], (string?)EntryOf(ecosystem)["env"]!["Y"]));
    }

    [Fact]
    public void The_owner_is_marked_whatever_the_files_say()
    {
        var environment = EntryOf(Create(null, new() { [Pm2Ecosystem.OwnerVariable] = "somebody" }))["env"]!;

        Assert.Equal(Studio.Spec(1).OwnerMarker, (string?)environment[Pm2Ecosystem.OwnerVariable]);
    }

    [Fact]
    public void The_fingerprint_is_in_the_environment_under_the_process_name()
    {
        var ecosystem = Create(null);

        Assert.Equal(
            ecosystem.Fingerprints["shipsec-backend-1"], (string?)EntryOf(ecosystem)["env"]![Pm2Ecosystem.FingerprintVariable]);
    }

    [Fact]
    public void The_fingerprint_changes_with_the_entry_and_with_nothing_else()
    {
        const string config = """[{"name":"backend","script":"a.js","env":{"A":"1"}}]""";
        var before = Print(config, new() { ["B"] = "1" });

        Assert.Equal(before, Print(config, new() { ["B"] = "1" }));
        Assert.Equal(before, Print(config.Replace("}]", "},{\"name\":\"other\"}]", StringComparison.Ordinal), new() { ["B"] = "1" }));
        Assert.Equal(before, Print(config.Replace("\"env\"", "\"env_file\":\"x\",\"env\"", StringComparison.Ordinal), new() { ["B"] = "1" }));
        Assert.NotEqual(before, Print(config, new() { ["B"] = "2" }));
        Assert.NotEqual(before, Print(config.Replace("a.js", "b.js", StringComparison.Ordinal), new() { ["B"] = "1" }));
        Assert.NotEqual(before, Print(config.Replace("\"A\":\"1\"", "\"A\":\"2\"", StringComparison.Ordinal), new() { ["B"] = "1" }));

        string Print(string text, Dictionary<string, string> file) => Create(text, file).Fingerprints["shipsec-backend-1"];
    }

    [Fact]
    public void The_order_of_the_env_file_does_not_change_the_fingerprint() => Assert.Equal(
        Create(null, new() { ["A"] = "1", ["B"] = "2" }).Fingerprints, Create(null, new() { ["B"] = "2", ["A"] = "1" }).Fingerprints);

    [Fact]
    public void Only_the_apps_of_the_plan_are_started() =>
        Assert.Equal(["shipsec-backend-1"], Create("""[{"name":"shipsec-worker-1"}]""").Fingerprints.Keys);

    private static JsonObject Entry(string config) => EntryOf(Create(config));

    private static JsonObject EntryOf(Pm2Ecosystem ecosystem) =>
        Assert.Single(JsonNode.Parse(ecosystem.Json)!["apps"]!.AsArray())!.AsObject();

    private static Pm2Ecosystem Create(string? config, Dictionary<string, string>? file = null) => Pm2Ecosystem.Create(
        Studio.Spec(1), Studio.Ports(1), [Studio.AppPlan(1, "backend")], Environment(file ?? []), config);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Environment(Dictionary<string, string> file) =>
        new() { ["backend"] = file };
}
