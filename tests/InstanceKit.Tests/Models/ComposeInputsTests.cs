using CsCheck;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Models;

public sealed class ComposeInputsTests
{
    private const string Root = "/w/docker/compose.yml";

    [Theory]
    [InlineData("include: [other.yml]", "other.yml")]
    [InlineData("include:\n  - path: other.yml", "other.yml")]
    [InlineData("include:\n  - path: [a.yml, b/c.yml]", "a.yml b/c.yml")]
    [InlineData("include:\n  - path: a.yml\n    env_file: inc.env", "a.yml inc.env")]
    [InlineData("include:\n  - path: a.yml\n    env_file: [x.env, y.env]", "a.yml x.env y.env")]
    [InlineData("include:\n  - path: a.yml\n    project_directory: sub", "a.yml sub/.env sub/a.yml")]
    [InlineData("services: {a: {extends: {file: base.yml, service: b}}}", "base.yml")]
    [InlineData("services: {a: {extends: b}}", "")]
    [InlineData("services: {a: {extends: {service: b}}}", "")]
    [InlineData("services: {a: {env_file: a.env}}", "a.env")]
    [InlineData("services: {a: {env_file: [a.env, ../b.env]}}", "a.env b.env@up")]
    [InlineData("services: {a: {env_file: [{path: a.env, required: false}]}}", "a.env")]
    [InlineData("services: {a: {env_file: {path: a.env, format: raw}}}", "a.env")]
    [InlineData("services: {a: {label_file: [one.labels, two.labels]}}", "one.labels two.labels")]
    [InlineData("x-common: &c {env_file: anchored.env}\nservices: {a: {<<: *c}}", "anchored.env")]
    [InlineData("x-envs: &e [listed.env]\nservices: {a: {env_file: *e}}", "listed.env")]
    [InlineData("services: {a: {env_file: !reset null}}", "null")] // one too many, which does no harm
    [InlineData("services: {a: {env_file: !override [new.env]}}", "new.env")]
    [InlineData("services: {a: {env_file: /etc/a.env}}", "/etc/a.env")]
    [InlineData("services: {a: {build: ., image: x, volumes: [./data:/data]}}", "")]
    [InlineData("", "")]
    public void Names_every_file_that_Compose_would_read(string text, string files)
    {
        var expected = files.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(f => f.EndsWith("@up", StringComparison.Ordinal) ? $"/w/{f[..^3]}" : Path.Combine("/w/docker", f))
            .Concat([Root, "/w/docker/.env"]).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(expected, Collect(new() { [Root] = text })!.Files);
    }

    [Theory]
    [InlineData("services: {a: {env_file: '${WHICH}.env'}}")]
    [InlineData("services: {a: {env_file: $WHICH}}")]
    [InlineData("services: {a: {extends: {file: '${DIR:-.}/base.yml', service: b}}}")]
    [InlineData("include: ['oci://registry.example/app:1']")]
    [InlineData("include: ['https://example.com/app.git']")]
    [InlineData("include: ['git@example.com:app/app.git#main:sub']")]
    [InlineData("include: [github.com/app/app]")]
    [InlineData("services: {a: {env_file: ~/secrets.env}}")]
    [InlineData("services: {a: [")]
    [InlineData("services: {a: {}, a: {}}")]
    [InlineData("services: {a: {image: \"${\\x48OST_NAME}\"}}")]
    [InlineData("include: [inner.yml]\n#inner: include: [{path: x.yml, project_directory: y}]")]
    public void Says_when_it_cannot_know(string text)
    {
        var files = new Dictionary<string, string> { [Root] = text };
        if (text.Split("#inner: ") is [_, var inner])
            files["/w/docker/inner.yml"] = inner;

        Assert.Null(Collect(files));
    }

    [Fact]
    public void A_dollar_sign_in_another_value_hides_nothing() =>
        Assert.NotNull(Collect(new() { [Root] = "services: {a: {image: '${IMAGE}', command: \"echo $$HOME\\n\"}}" }));

    [Fact]
    public void Included_files_are_followed_from_their_own_folders()
    {
        var files = Collect(new()
        {
            [Root] = "include: [../infra/all.yml]",
            ["/w/infra/all.yml"] = "include: [db/db.yml]\nservices: {a: {env_file: a.env}}",
            ["/w/infra/db/db.yml"] = "services: {db: {extends: {file: base.yml, service: x}, env_file: {path: db.env, required: false}}}",
            ["/w/infra/db/base.yml"] = "services: {x: {env_file: base.env}}",
        })!.Files;

        Assert.Superset(
            new HashSet<string>
            {
                "/w/infra/all.yml", "/w/infra/a.env", "/w/infra/.env", "/w/infra/db/db.yml", "/w/infra/db/.env",
                "/w/infra/db/db.env", "/w/infra/db/base.yml", "/w/infra/db/base.env",
            },
            files.ToHashSet());
    }

    [Fact]
    public void Files_that_include_each_other_end() =>
        Assert.NotNull(Collect(new() { [Root] = "include: [a.yml]", ["/w/docker/a.yml"] = "include: [compose.yml]" }));

    [Fact]
    public void Every_referenced_file_is_found_wherever_it_is_mentioned() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 8], Gen.Bool.Select(b => b ? "env_file" : "label_file")).Sample((before, after, key) =>
        {
            var services = Enumerable.Range(0, before).Select(i => $"  s{i}: {{image: x}}")
                .Append($"  hit: {{{key}: [found.txt]}}")
                .Concat(Enumerable.Range(0, after).Select(i => $"  t{i}: {{env_file: [e{i}.env]}}"));
            var files = Collect(new() { [Root] = "services:\n" + string.Join('\n', services) })!.Files;
            return files.Contains("/w/docker/found.txt") && files.Count == 3 + after;
        });

    [Theory]
    [InlineData("image: ${IMAGE}", "IMAGE", true)]
    [InlineData("image: $IMAGE", "IMAGE", true)]
    [InlineData("image: ${IMAGE:-x}", "IMAGE", true)]
    [InlineData("name: ${MY_IMAGE}", "IMAGE", false)]
    [InlineData("image: ${IMAGE_2} ${IMAGE}", "IMAGE", true)]
    [InlineData("environment: [TOKEN]", "TOKEN", true)]
    [InlineData("environment: [my.token]", "my.token", true)]
    [InlineData("image: ${image}", "IMAGE", true)]
    [InlineData("a_b", "_", false)]
    [InlineData("anything", "HOME", true)]
    [InlineData("", "IMAGE", false)]
    public void A_variable_counts_when_a_text_mentions_it(string text, string name, bool counts) =>
        Assert.Equal(counts, ComposeInputs.VariablesOf([new(name, "1")], ["x", text]).Count == 1);

    private static ComposeInputs? Collect(Dictionary<string, string> files) =>
        ComposeInputs.Collect([Root], [], "/w/docker", path => files.GetValueOrDefault(path));
}
