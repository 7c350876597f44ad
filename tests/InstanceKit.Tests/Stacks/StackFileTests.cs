using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class StackFileTests
{
    private const string Whole = """
        # A strange workspace.
        name: acme
        compose:
          files: [infra/compose.yaml, infra/ports.yaml]
          profiles: dev
        ports:
          stride: 20
          bind: "::1"
          named:
            DB: {base: 5432, service: postgres, target: 5432, scheme: postgresql, label: The database, also: [15432, 25432]}
            DNS: {base: 5353, service: dns, protocol: udp}
            WEB: {base: 3000, app: web}
        pm2: config/ecosystem.config.cjs
        apps:
          web:
            directory: apps/web
            port: WEB
            env: [apps/web/.env.local, apps/web/.env]
            pm2: "acme-web-{instance}"
            command: pnpm run dev
            portArguments: ["--port", "{port:WEB}"]
            waits: false
            variables:
              API: "http://localhost:{port:API_GATEWAY}"
          api-gateway:
            port: 4000
        variables:
          DEPLOYMENT: "{stack}-{instance}"
        literals:
          keep: ["*_WEBHOOK"]
          hosts: [dev.local]
          replace:
            - {find: acme-dev, with: "{project}"}
        images:
          minio/minio: quay.io/minio/minio
        data: own
        allow: [host-network]
        """;

    [Fact]
    public void Everything_in_it_is_read()
    {
        var file = StackFileReader.Read(Whole);

        Assert.Equal(("acme", 20, "::1", "config/ecosystem.config.cjs", true), (file.Name, file.Stride, file.Bind, file.Pm2Config, file.AllowsHostNetwork));
        Assert.Equal((true, false), (file.OwnsData, file.AllowsSharedData));
        Assert.Equal([new("minio/minio", "quay.io/minio/minio")], file.Images);
        Assert.Equal(["infra/compose.yaml", "infra/ports.yaml"], file.ComposeFiles);
        Assert.Equal(["dev"], file.Profiles);
        Assert.Equal(["DB 5432 service postgres", "DNS 5353 service dns", "WEB 3000 app web", "API_GATEWAY 4000 app api-gateway"],
            file.Ports.Select(p => $"{p.Name} {p.BasePort} {p.Owner}"));
        Assert.Equal((5432, "postgresql", "The database", "tcp"), (file.Ports[0].TargetPort, file.Ports[0].Scheme, file.Ports[0].Label, file.Ports[0].Protocol));
        Assert.Equal([15432, 25432], file.Ports[0].AlsoKnownAs);
        Assert.Equal("udp", file.Ports[1].Protocol);

        var web = file.Apps![0];
        Assert.Equal(("web", "apps/web", "WEB", "acme-web-{instance}", false, false),
            (web.Name, web.Directory, web.PortName, web.ConfigName, web.WaitsForServices, web.MayLackEnvFile));
        Assert.Equal(["pnpm", "run", "dev"], web.Command);
        Assert.Equal(["--port", "{port:WEB}"], web.PortArguments);
        Assert.Equal(["apps/web/.env.local", "apps/web/.env"], web.EnvFiles);
        Assert.Equal([new("API", "http://localhost:{port:API_GATEWAY}")], web.Variables);
        Assert.Equal((".", "API_GATEWAY", true, true), (file.Apps[1].Directory, file.Apps[1].PortName, file.Apps[1].WaitsForServices, file.Apps[1].MayLackEnvFile));

        Assert.Equal([new("DEPLOYMENT", "{stack}-{instance}")], file.Variables);
        Assert.Equal(["*_WEBHOOK"], file.Literals.Keep);
        Assert.Equal(["dev.local"], file.Literals.Hosts);
        Assert.Equal([new LiteralReplacement("acme-dev", "{project}")], file.Literals.Replacements);
    }

    [Theory]
    [InlineData("porst:\n  stride: 1", "instancekit.yml(1,1): unknown key 'porst'; did you mean 'ports'?")]
    [InlineData("ports:\n  strid: 1", "instancekit.yml(2,3): unknown key 'strid' in ports; did you mean 'stride'?")]
    [InlineData("compose:\n  documents: a", "instancekit.yml(2,3): unknown key 'documents' in compose; valid keys are files, profiles")]
    [InlineData("ports: {stride: many}", "instancekit.yml(1,17): ports.stride must be a number from 1 to 10000, not 'many'")]
    [InlineData("ports: {stride: 0}", "instancekit.yml(1,17): ports.stride must be a number from 1 to 10000, not '0'")]
    [InlineData("ports: {bind: localhost}", "instancekit.yml(1,15): ports.bind 'localhost' is not an IP address")]
    [InlineData("ports: [1]", "instancekit.yml(1,8): ports must be a mapping, not a list")]
    [InlineData("name: Big Stack", "instancekit.yml(1,7): name 'Big Stack' must be lower-case letters, digits, '-' and '_', at most 40 characters")]
    [InlineData("name: {a: b}", "instancekit.yml(1,7): name must be a string, not a mapping")]
    [InlineData("compose: {files: []}", "instancekit.yml(1,18): compose.files must name at least one file")]
    [InlineData("compose: {files: [/etc/compose.yml]}", "instancekit.yml(1,19): compose.files[0] '/etc/compose.yml' must be relative to the workspace, with '/'")]
    [InlineData("ports: {named: {db: {base: 1, service: s}}}", "instancekit.yml(1,17): port name 'db' must be upper-case letters, digits and '_', starting with a letter")]
    [InlineData("ports: {named: {DB: {base: 1}}}", "instancekit.yml(1,17): port DB needs either a service or an app as its owner")]
    [InlineData("ports: {named: {DB: {service: s}}}", "instancekit.yml(1,17): port DB needs a base: its number in instance 0")]
    [InlineData("ports: {named: {DB: {base: 70000, service: s}}}", "instancekit.yml(1,28): ports.named.DB.base must be a number from 1 to 65535, not '70000'")]
    [InlineData("ports: {named: {DB: {base: 1, service: s, protocol: sctp}}}", "instancekit.yml(1,53): ports.named.DB.protocol 'sctp' must be one of tcp, udp")]
    [InlineData("apps: {Web: {}}", "instancekit.yml(1,8): app name 'Web' must be lower-case letters, digits, '-' and '_'")]
    [InlineData("apps: {web: {waits: maybe}}", "instancekit.yml(1,21): apps.web.waits must be true or false, not 'maybe'")]
    [InlineData("apps: {web: {portArguments: ['{prot}']}}", "instancekit.yml(1,30): apps.web.portArguments[0] '{prot}' has the unknown placeholder '{prot}'; valid placeholders are {instance}, {stack}, {project} and {port:NAME}")]
    [InlineData("allow: [everything]", "instancekit.yml(1,9): allow[0] 'everything' must be one of host-network, shared-data")]
    [InlineData("data: mine", "instancekit.yml(1,7): data 'mine' must be one of own")]
    [InlineData("literals: {replace: [{find: a}]}", "instancekit.yml(1,22): literals.replace[0] needs find and with")]
    [InlineData("name: a\nname: b", "instancekit.yml(2,1): Duplicate key name")]
    [InlineData("- a", "instancekit.yml(1,1): instancekit.yml must be a mapping, not a list")]
    public void What_is_wrong_is_named_with_its_place(string text, string message)
    {
        var error = Assert.Throws<InstanceKitException>(() => StackFileReader.Read(text));

        Assert.Equal((ExitCode.Usage, message), (error.ExitCode, error.Message));
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        var error = Assert.Throws<InstanceKitException>(() => StackFileReader.Read("alow: []\nports: {stride: x}\nname: A B\n"));

        Assert.Equal(["(1,1)", "(2,17)", "(3,7)"], error.Message.Split('\n').Select(l => l["instancekit.yml".Length..l.IndexOf(':')]));
    }

    [Theory]
    [InlineData("name: [a\n", 2)]
    [InlineData("name: a\n  b: c", 2)]
    public void What_is_no_YAML_is_named_with_its_place(string text, int line) => Assert.StartsWith(
        $"instancekit.yml({line},", Assert.Throws<InstanceKitException>(() => StackFileReader.Read(text)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("compose:\nports:\napps: {}\n")]
    public void A_file_may_say_nothing(string text) => Assert.Null(StackFileReader.Read(text).Name);

    [Fact]
    public void A_stack_keeps_what_the_file_leaves_out()
    {
        var stack = StackFileReader.Read("ports: {stride: 10, named: {REDIS: {base: 6380, service: cache}}}").ApplyTo(Studio.Stack);

        Assert.Equal((10, "shipsec", StackFile.FileName), (stack.PortStride, stack.Name, stack.StackFile));
        Assert.Equal(11, stack.Ports.Count);
        Assert.Equal(6380, stack.Ports.Single(p => p.Name == "REDIS").BasePort);
        Assert.Equal(Studio.Stack.Apps, stack.Apps);
    }

    [Fact]
    public void The_ports_of_apps_that_are_no_more_go_with_them()
    {
        var stack = StackFileReader.Read("apps: {backend: {directory: backend, port: BACKEND}}").ApplyTo(
            Studio.Stack with { Variables = [] });

        Assert.DoesNotContain(stack.Ports, p => p.Name == "FRONTEND");
        Assert.Contains(stack.Ports, p => p.Name == "BACKEND");
    }

    [Theory]
    [InlineData("apps: {web: {port: WEB}}", "instancekit.yml: app web refers to port WEB, which is not defined.")]
    [InlineData("variables: {A: '{port:NOPE}'}", "instancekit.yml: variable A refers to port NOPE, which is not defined.")]
    public void A_port_that_has_no_name_is_refused(string text, string message) => Assert.Equal(
        message, Assert.Throws<InstanceKitException>(() => StackFileReader.Read(text).ApplyTo(Studio.Stack with { Variables = [] })).Message);
}
