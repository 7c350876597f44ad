using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Stacks;

/// <summary>What the reader of compose files can't read it names, by file and key, rather than pass over it.</summary>
public sealed class ComposeDocumentRefusalTests
{
    [Theory]
    [InlineData("services: {a: {image: x, foo: 1}}", "compose.yml: services.a has the unknown key foo; only Docker Compose")]
    [InlineData("services: {a: {image: x}}\nmore: 1", "compose.yml: has the unknown key more; only Docker Compose")]
    [InlineData("services: {a: {image: x}}\ninclude: ['https://example.com/x.yml']", "compose.yml: include refers to 'https://example.com/x.yml'")]
    [InlineData("services: {a: {extends: {file: 'git@example.com:x.git', service: b}}}", "services.a.extends refers to 'git@")]
    [InlineData("services: {a: {image: !mine x}}", "services.a.image has the tag !mine")]
    [InlineData("services: {a: {image: x, ports: [!reset null]}}", "services.a.ports.0 has the tag !reset")]
    [InlineData("services: {a: {image: x, environment: {A: !reset null}}}", "services.a.environment.A has !reset for a single entry")]
    [InlineData("services: {a: {image: x, environment: {A: 2001-01-01T00:00:00Z}}}", "services.a.environment.A has the moment")]
    [InlineData("services: {a: {image: x, env_file: [{path: x, format: raw}]}}", "services.a.env_file has the format raw")]
    [InlineData("services: {a: {image: x, label_file: x}}", "services.a has the unknown key label_file")]
    public void What_only_Compose_understands_needs_Compose(string text, string message)
    {
        var error = Refuse(text);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Install Docker with the Compose plugin", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "compose.yml: is empty.")]
    [InlineData("services: {", "compose.yml(2,1): ")]
    [InlineData("services: {a: {image: x, image: y}}", "compose.yml(1,26): Duplicate key image.")]
    [InlineData("# a comment", "compose.yml: is empty.")]
    [InlineData("{}", "compose.yml: is empty.")]
    [InlineData("services:", "compose.yml: services must be a mapping.")]
    [InlineData("services: {a: {extends: {file: empty.yml, service: q}}}", "names service 'q', which does not exist in empty.yml.")]
    [InlineData("services: {a: {}}", "services.a has neither an image nor a build.")]
    [InlineData("services: {a: {image: '${A?}'}}", "services.a.image needs the variable A, which is not set.")]
    [InlineData("services: {a: {image: '${A:?for a reason}'}}", "needs the variable A, which is not set: for a reason.")]
    [InlineData("services: {a: {image: '${A'}}", "services.a.image has an invalid interpolation in '${A'")]
    [InlineData("services: {a: {image: '${1}'}}", "has an invalid interpolation")]
    [InlineData("services: {a: {image: '${A=1}'}}", "has an invalid interpolation")]
    [InlineData("services: {a: {image: x, ports: ['1-2:3-5']}}", "services.a.ports has '1-2:3-5', whose two ranges differ in length.")]
    [InlineData("services: {a: {image: x, ports: ['80:80/x']}}", "the unknown protocol 'x'")]
    [InlineData("services: {a: {image: x, ports: ['70000:80']}}", "services.a.ports has '70000:80', which is not a valid port.")]
    [InlineData("services: {a: {image: x, volumes: ['data:/a']}}", "services.a uses volumes.data, which is not declared.")]
    [InlineData("services: {a: {image: x, networks: [n]}}", "services.a uses networks.n, which is not declared.")]
    [InlineData("services: {a: {image: x, secrets: [s]}}", "services.a uses secrets.s, which is not declared.")]
    [InlineData("services: {a: {image: x, depends_on: [b]}, b: {image: x, profiles: [p]}}", "depends on service 'b', which is not part")]
    [InlineData("services: {a: {image: x, depends_on: [b]}, b: {image: x, links: [a]}}", "have a dependency cycle: a -> b -> a.")]
    [InlineData("services: {a: {extends: b}, b: {extends: a}}", "extends itself.")]
    [InlineData("services: {a: {extends: b}}", "services.a.extends names service 'b', which does not exist in the file.")]
    [InlineData("include: compose.yml\nservices: {a: {image: x}}", "includes itself.")]
    [InlineData("services: {a: &a {image: x, x-more: *a}}", "compose.yml(1,37): The anchor &a contains itself.")]
    [InlineData("services: {a: {image: x, network_mode: host, networks: [default]}}", "has both networks and a network_mode.")]
    [InlineData("services: {a: {image: x, env_file: none.env}}", "none.env: does not exist.")]
    [InlineData("services: {a: {image: x, command: 'a \"b'}}", "services.a.command has an unclosed quote.")]
    [InlineData("services: {a: {image: x, healthcheck: {interval: 30}}}", "services.a.healthcheck.interval is '30', which is not a valid duration")]
    public void What_Compose_refuses_is_refused(string text, string message)
    {
        var error = Refuse(text);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private static InstanceKitException Refuse(string text) => Assert.Throws<InstanceKitException>(() => ComposeDocument.Read(new ComposeSource(
        "p", "/w", ["/w/compose.yml"], [], [], new Dictionary<string, string>(), path => path switch { "/w/compose.yml" => text, "/w/empty.yml" => "", _ => null })));
}
