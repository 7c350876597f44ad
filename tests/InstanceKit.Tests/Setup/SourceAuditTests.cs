using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Setup;

/// <summary>What an instance sets because of its workspace's sources, and what it reports.</summary>
public sealed class SourceAuditTests
{
    [Fact]
    public void A_default_that_nothing_sets_is_set_for_the_apps_that_run_the_file()
    {
        var plan = Plan(new() { ["api/src/a.ts"] = "const u = process.env.DATABASE_URL ?? 'postgres://u:p@localhost:5433/app';" });

        Assert.Equal("postgres://u:p@localhost:5533/app", Env(plan, "api")["DATABASE_URL"]);
        Assert.False(Env(plan, "web").ContainsKey("DATABASE_URL"));
        Assert.Equal(["api/src/a.ts:1 localhost:5433 Set localhost:5533 DATABASE_URL is set for app api"], Describe(plan));
    }

    [Theory]
    [InlineData("DATABASE_URL=postgres://db.example.com/app", "postgres://db.example.com/app", MentionDecision.Kept)]
    [InlineData("DATABASE_URL=postgres://localhost:5433/own", "postgres://localhost:5533/own", MentionDecision.Kept)]
    [InlineData("DATABASE_URL=", "", MentionDecision.Kept)]
    public void What_an_env_file_sets_wins(string env, string expected, MentionDecision decision)
    {
        var plan = Plan(new() { ["api/a.ts"] = "const u = process.env.DATABASE_URL ?? 'postgres://localhost:5433/app';" }, env);

        Assert.Equal(expected, Env(plan, "api")["DATABASE_URL"]);
        Assert.Equal(decision, plan.Mentions.Single(m => m.Where == "api/a.ts:1").Decision);
    }

    [Fact]
    public void An_empty_variable_is_not_set_where_the_source_takes_it_so()
    {
        var plan = Plan(new() { ["api/a.ts"] = "const u = process.env.DATABASE_URL || 'postgres://localhost:5433/app';" }, "DATABASE_URL=\n");

        Assert.Equal("postgres://localhost:5533/app", Env(plan, "api")["DATABASE_URL"]);
    }

    [Fact]
    public void The_default_of_a_host_sets_the_port_that_its_client_assumes()
    {
        var plan = Plan(new() { ["api/a.ts"] = "const e = process.env.MINIO_ENDPOINT ?? 'localhost';\nconst p = process.env.MINIO_PORT;" });

        Assert.Equal("9100", Env(plan, "api")["MINIO_PORT"]);
        Assert.Equal(["api/a.ts:1 localhost:9000 Set localhost:9100 MINIO_PORT is set for app api"], Describe(plan));
    }

    [Fact]
    public void A_port_of_another_host_is_not_set() => Assert.Empty(Describe(Plan(
        new() { ["api/a.ts"] = "const p = process.env.DB_PORT ?? 5433;" }, "DB_HOST=db.example.com\n")));

    [Fact]
    public void Literals_parts_and_different_defaults_are_reported_and_not_guessed()
    {
        var plan = Plan(new()
        {
            ["api/a.ts"] = "fetch('http://localhost:4000');\nconst u = process.env.A_URL ?? `http://localhost:4000/${v}`;",
            ["api/b.ts"] = "const u = process.env.B_URL ?? 'http://localhost:4000';",
            ["api/c.ts"] = "const u = process.env.B_URL ?? 'http://localhost:4000/v1';",
            ["api/d.ts"] = "console.log('http://localhost:4000');",
        });

        Assert.Equal(
            [
                "api/a.ts:1 localhost:4000 Unknown  no variable replaces it",
                "api/a.ts:2 localhost:4000 Unknown  it is a part of the default of A_URL; set that in an env file",
                "api/b.ts:1 localhost:4000 Unknown  the sources have different defaults for B_URL; set it in an env file",
                "api/c.ts:1 localhost:4000 Unknown  the sources have different defaults for B_URL; set it in an env file",
                "api/d.ts:1 localhost:4000 Kept  it is only shown",
            ],
            Describe(plan));
        Assert.Equal(3, plan.Notes.Count(n => n.Contains("localhost:4000", StringComparison.Ordinal)));
        Assert.False(Env(plan, "api").ContainsKey("B_URL"));
    }

    [Fact]
    public void A_package_counts_for_the_apps_that_depend_on_it_and_a_script_for_none()
    {
        var plan = Plan(
            new()
            {
                ["packages/config/a.ts"] = "export const u = process.env.API_URL ?? 'http://localhost:4000';",
                ["scripts/b.ts"] = "const u = process.env.SEED_URL ?? 'http://localhost:4000';",
                ["scripts/c.ts"] = "const u = process.env.API_URL ?? 'http://localhost:4000';",
            },
            packages: [new("web", "web", ["@x/ui"]), new("packages/ui", "@x/ui", ["@x/config"]), new("packages/config", "@x/config", [])]);

        Assert.Equal("http://localhost:4100", Env(plan, "web")["API_URL"]);
        Assert.False(Env(plan, "api").ContainsKey("API_URL"));
        Assert.Equal(MentionDecision.Unknown, plan.Mentions.Single(m => m.Where == "scripts/b.ts:1").Decision);
    }

    [Fact]
    public void In_the_container_of_a_service_localhost_is_the_container_but_not_for_its_pages()
    {
        var plan = Plan(
            new()
            {
                ["admin/server.ts"] = "fetch('http://localhost:4000'); fetch('http://host.docker.internal:4000'); const u = process.env.API ?? 'http://localhost:4000';",
                ["admin/page.tsx"] = "fetch('http://localhost:4000');",
                ["shop/client.ts"] = "fetch('http://localhost:4000');",
            },
            packages: [new("shop", "shop", ["react"])],
            services: "admin: {build: ./admin, environment: {API: x}}, shop: {build: ./shop}");

        Assert.Equal(
            [
                "admin/server.ts:1 localhost:4000 Kept  it runs in the container of service admin, which is localhost there",
                "admin/server.ts:1 host.docker.internal:4000 Unknown  no variable replaces it",
                "admin/server.ts:1 localhost:4000 Kept  API is set for service admin",
                "admin/page.tsx:1 localhost:4000 Unknown  no variable replaces it",
                "shop/client.ts:1 localhost:4000 Unknown  no variable replaces it",
            ],
            Describe(plan));
    }

    [Fact]
    public void Scripts_of_a_package_are_not_reported_but_its_proxy_is() => Assert.Equal(
        ["web/package.json:2 localhost:4000 Unknown  no variable replaces it"],
        Describe(Plan(new()
        {
            ["web/package.json"] = "{ \"scripts\": { \"dev\": \"API=http://localhost:4000 next dev\", \"a\": \"A=http://localhost:4000\" },\n  \"proxy\": \"http://localhost:4000\" }",
        })));

    [Fact]
    public void What_a_file_does_to_what_all_instances_share_is_reported() => Assert.Equal(
        [
            "Makefile:2 acme-db Unknown",
            "Makefile:3 localhost:4000 Unknown",
            "api/a.ts:1 mcp- Unknown",
            "api/b.ts:1 cookies Kept",
        ],
        Plan(new()
        {
            ["Makefile"] = "db:\n\tdocker exec -it acme-db psql\n\tcurl http://localhost:4000; docker run acme-db; docker compose up\n",
            ["api/a.ts"] = "exec(`docker ps --filter name=mcp-`); exec(`docker rm -f ${id}`);",
            ["api/b.ts"] = "res.cookie('session', token);",
            ["scripts/c.ts"] = "res.cookie('session', token);",
        }, services: "old: {image: postgres, container_name: acme-db}").Mentions.Select(m => $"{m.Where} {m.What} {m.Decision}").Order(StringComparer.Ordinal));

    [Fact]
    public void A_default_in_a_Makefile_is_set_for_no_app()
    {
        var plan = Plan(new() { ["Makefile"] = "x:\n\tcurl ${API_URL:-http://localhost:4000}\n" });

        Assert.False(Env(plan, "api").ContainsKey("API_URL"));
        Assert.Equal(MentionDecision.Unknown, Assert.Single(plan.Mentions).Decision);
    }

    [Fact]
    public void A_constant_that_is_the_default_of_two_variables_sets_both()
    {
        var plan = Plan(new() { ["api/a.ts"] = "const FALLBACK = 'http://localhost:4000';\nexport const a = process.env.A_URL ?? FALLBACK, b = process.env.B_URL ?? FALLBACK;" });

        Assert.Equal(("http://localhost:4100", "http://localhost:4100"), (Env(plan, "api")["A_URL"], Env(plan, "api")["B_URL"]));
    }

    [Fact]
    public void The_stack_file_answers()
    {
        var scan = new Dictionary<string, string>
        {
            ["api/a.ts"] = "fetch('http://localhost:4000'); fetch('http://localhost:5433');",
            ["scripts/b.sh"] = "curl http://localhost:4000",
        };

        var plan = Plan(scan, literals: new LiteralRules(["KEPT_*"], [], [])
        {
            Accepted = [new("scripts/*", "*"), new("api/a.ts", "*:4000")],
        });

        Assert.Equal(
            ["api/a.ts:1 localhost:4000 Kept  the stack file accepts it", "api/a.ts:1 localhost:5433 Unknown  no variable replaces it", "scripts/b.sh:1 localhost:4000 Kept  the stack file accepts it"],
            Describe(plan));
    }

    [Fact]
    public void Instance_0_is_what_the_sources_mean()
    {
        var plan = Plan(new() { ["api/a.ts"] = "fetch('http://localhost:4000'); const u = process.env.B ?? 'localhost:5433';" }, number: 0);

        Assert.Empty(plan.Mentions);
        Assert.False(Env(plan, "api").ContainsKey("B"));
    }

    [Fact]
    public void Env_layers_are_mentioned_with_their_lines()
    {
        var plan = Plan([], "A=1\n", layer: "\nDB=localhost:5433\n");

        Assert.Equal(["api/.env.local:2 localhost:5433 Translated localhost:5533 "], Describe(plan));
    }

    [Theory]
    [InlineData("api/src/main.ts", true)]
    [InlineData("server.py", true)]
    [InlineData("web/package.json", true)]
    [InlineData("api/config/default.json", true)]
    [InlineData("api/src/main/resources/application.yml", true)]
    [InlineData("scripts/seed.sh", true)]
    [InlineData("justfile", true)]
    [InlineData("api/.dev.vars", true)]
    [InlineData(".env.dev", true)]
    [InlineData("api/.env.production", false)]
    [InlineData("tools/Makefile", true)]
    [InlineData("Taskfile.yml", true)]
    [InlineData("tests/Makefile", false)]
    [InlineData("api/src/main.test.ts", false)]
    [InlineData("api/tests/main.ts", false)]
    [InlineData("api/src/__tests__/main.ts", false)]
    [InlineData("pkg/main_test.go", false)]
    [InlineData("e2e-tests/a.ts", false)]
    [InlineData("README.md", false)]
    [InlineData("docs/a.ts", false)]
    [InlineData("examples/a.ts", false)]
    [InlineData("package-lock.json", false)]
    [InlineData("vendor/a.go", false)]
    [InlineData("web/src/types.d.ts", false)]
    [InlineData("web/public/app.min.js", false)]
    [InlineData(".github/workflows/ci.yml", false)]
    [InlineData("openapi.json", false)]
    [InlineData("data.json", false)]
    [InlineData("logo.svg", false)]
    public void Tests_documents_examples_and_generated_files_are_no_sources(string path, bool expected) =>
        Assert.Equal(expected, SourceFiles.IsSource(path));

    private static IReadOnlyDictionary<string, string> Env(InstancePlan plan, string app) =>
        DotEnvDocument.Parse(plan.Files.Single(f => f.Name == $"{app}.env").Content).EffectiveValues();

    private static IEnumerable<string> Describe(InstancePlan plan) =>
        plan.Mentions.Select(m => $"{m.Where} {m.What} {m.Decision} {m.To} {m.Reason}");

    private static InstancePlan Plan(
        Dictionary<string, string> sources, string? env = null, int number = 1, LiteralRules? literals = null, IReadOnlyList<SourcePackage>? packages = null, string? layer = null, string services = "")
    {
        var stack = new StackDefinition
        {
            Name = "acme",
            ConfigPrefix = "acme",
            ComposeFiles = ["compose.yaml"],
            Ports = [new NamedPort("API", "api", 4000, new PortOwner(OwnerKind.App, "api"), "http")],
            Apps = [.. new[] { "api", "web" }.Select(n => new AppDefinition { Name = n, Directory = n, MayLackEnvFile = true, PortName = n == "api" ? "API" : null })],
            Variables = [],
            Literals = literals ?? LiteralRules.None,
        };
        var spec = new InstanceSpec(stack, "/home/dev/acme", number);
        var model = ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            spec.Project, "/home/dev/acme", ["/home/dev/acme/compose.yaml"], [], [], new Dictionary<string, string>(),
            _ => "services: {db: {image: postgres, ports: ['5433:5432']}, minio: {image: minio/minio, ports: ['9000:9000']}" + (services.Length > 0 ? $", {services}" : "") + "}\n")));
        var files = sources.Select(s => new SourceFile(s.Key, SourceScanner.Find(s.Value, s.Key, []))).Where(f => f.Findings.Count > 0).ToList();
        var envs = new Dictionary<string, EnvSource>();
        if (env is not null)
            envs["api"] = new EnvSource("api/.env", env) { Layers = layer is null ? [] : [new EnvSource("api/.env.local", layer)] };
        return InstancePlanner.Create(spec, model, envs, scan: new SourceScan(files, packages ?? [], 0));
    }
}
