using CsCheck;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Stacks;
using InstanceKit.Tests.Compose;
using InstanceKit.Tests.Env;
using Xunit;

namespace InstanceKit.Tests.Fuzz;

/// <summary>Whatever stands in the files of a workspace, its reader gives a result or a reason.</summary>
public sealed class FileFuzz
{
    private static readonly string[] YamlWords =
    [
        "&a ", "*a", "<<: *a", "- ", "? ", ": ", "{", "}", "[", "]", ",", "|\n", ">-\n", "'", "\"", "#", "---\n", "...\n", "%YAML 1.2\n", "!!str ",
        "!reset ", "!override ", "!!binary ", "\n  ", "\n", "~", "true", "1", "0x7fffffffffffffff", ".inf", "2001-01-01T00:00:00Z", "\"\\0\"", "\"\\uD800\"", "&a [*a]",
        "x-a: ",
    ];

    private static readonly string[] ComposeWords =
    [
        .. YamlWords, "$", "${", "${A", "${A:-", "${A:?", "}", "${A:-${A:-", "services:\n", "image: x\n", "build: .\n", "ports: ['1-65535']\n", "ports: [80]\n", "80-90:1-2", "expose: ['1-2000000000']\n",
        "extends: a\n", "extends: {file: compose.yml, service: a}\n", "include: [compose.yml]\n", "depends_on: [a]\n", "healthcheck: {interval: 99999999h, retries: 99999999999}\n",
        "environment: [A=1]\n", "env_file: [.env]\n", "volumes: ['a:/b:ro']\n", "networks: {a: {ipv4_address: x}}\n", "external: true", "deploy: {replicas: 0}\n", "links: [a]\n", "published: 99999",
        "target: 1e3", "name: ", "extra_hosts: ['a=b']\n", "command: 'a \"b'\n", "ipam: {config: [{subnet: x, aux_addresses: {a: 1}}]}\n", "profiles: [x]\n",
    ];

    private static readonly string[] ComposeCorpus =
    [
        .. CorpusCase.Names.Select(n => RepositoryFiles.Read($"{CorpusStack.Folder}/{n}/compose.yml")),
        .. new[] { "spellings", "reading", "studio", "ties" }.Select(n => RepositoryFiles.Read($"tests/InstanceKit.Tests/Compose/{n}.yml")),
        "services: {a: &a {image: x, x-more: *a}}",
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nservices: {c: {image: x, x-c: [*b,*b,*b,*b,*b]}}",
        "x-a: &a {image: x}\nx-b: &b {<<: [*a, *a]}\nservices: {c: {<<: [*b, *b], ports: [80]}}",
        "services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {image: x, ports: ['1-1000:1-1000']}",
    ];

    private static readonly string[] StackCorpus =
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "samples"), "instancekit.yml", SearchOption.AllDirectories).Select(File.ReadAllText),
        """
        name: acme
        compose: {files: [infra/compose.yaml, infra/ports.yaml], profiles: dev}
        ports:
          stride: 20
          bind: "::1"
          named:
            DB: {base: 5432, service: postgres, target: 5432, scheme: postgresql, label: The database, also: [15432, 25432]}
            WEB: {base: 3000, app: web}
        pm2: config/ecosystem.config.cjs
        apps:
          web: {directory: apps/web, port: WEB, env: [apps/web/.env.local], pm2: "acme-web-{instance}", command: pnpm run dev, portArguments: ["--port", "{port:WEB}"], waits: false, variables: {API: "http://localhost:{port:API}"}}
          api: {port: 4000}
        variables: {DEPLOYMENT: "{stack}-{instance}"}
        literals: {keep: ["*_WEBHOOK"], hosts: [dev.local], replace: [{find: acme-dev, with: "{project}"}]}
        infra: {mode: auto}
        data: own
        allow: [host-network]
        """,
    ];

    private static readonly string[] EnvCorpus =
    [
        "A=1\nB=\"two\nlines\"\nDATABASE_URL=postgresql://u:p@localhost:5433/db # the database\nexport PORT=3211\r\n\r\nC='${A}'\n",
        "\uFEFFREDIS=redis://localhost:6379/0\r\nX=`a\nb`\r\n# PORT=5433\r\nURL='{\"url\":\"http://127.0.0.1:9000\"}'",
        "PORT=3211\rA=b\rHOST=localhost:5433\r",
        "A=${B}${B}\nB=${C}${C}\nC=${D}${D}\nD=${A}x\n",
    ];

    [Fact]
    public void Compose_files_without_Compose() => Fuzz.Run(
        Fuzz.Mutations(ComposeCorpus, ComposeWords), text => ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            "p", "/w", ["/w/compose.yml"], [], ["*"], new Dictionary<string, string> { ["A"] = "${A}$A" },
            path => path switch { "/w/compose.yml" => text, "/w/.env" or "/w/a.env" => EnvCorpus[text.Length % EnvCorpus.Length], _ => null }))));

    [Fact]
    public void Env_files_as_Compose_reads_them() => Fuzz.Run(
        Fuzz.Mutations(EnvCorpus, "=", "A=", "$A", "${A:-", "}", "'", "\"", "\\", "export ", "#", " #", "\n", ":", "A=$A$A$A\n"),
        text => ComposeDocument.Read(new ComposeSource(
            "p", "/w", ["/w/compose.yml"], ["/w/.env"], [], new Dictionary<string, string>(),
            path => path == "/w/.env" ? text : "services: {a: {image: 'x${A:-}', env_file: [.env]}}")));

    [Fact]
    public void What_compose_files_refer_to() => Fuzz.Run(Fuzz.Mutations(ComposeCorpus, ComposeWords), text => ComposeReferences.Find(text));

    [Fact]
    public void Stack_files() => Fuzz.Run(
        Fuzz.Mutations(StackCorpus, [.. YamlWords, "name: ", "{port:", "{instance}", "base: 70000", "also: [1, -1]", "apps:\n", "../", "/etc", "\\", "infra: {mode: x}\n"]),
        text => StackFileReader.Read(text).ApplyTo(Studio.Stack));

    [Fact]
    public void Durations() => Fuzz.Run(
        Fuzz.Mutations(["1m30s", "500ms", "99999999h", "1.5h", "10us"], "h", "m", "s", "ns", "µs", ".", "-", "1", "999999999999"),
        text => Assert.True(GoDuration.Parse(text) >= TimeSpan.Zero), e => e is FormatException);

    [Fact]
    public void Selectors() => Fuzz.Run(
        Fuzz.Mutations(["1", "0,2,5-7", "all", "auto", " 1 , 2 ", "2147483640-2147483647"], "-", ",", " ", "0", "7", "2147483647", "all", "auto", "+", "-1", "1-100"),
        text => Assert.InRange(InstanceSelector.Parse(text, "--instance").Numbers.Count, 0, 100));

    [Fact]
    public void Env_files_keep_every_line_that_is_not_patched()
    {
        Fuzz.Run(
            Gen.Frequency<string>((1, DotEnvGen.Text), (1, DotEnvGen.WellFormed), (2, Fuzz.Mutations(
                EnvCorpus, "=", "A=", "PORT=", "'", "\"", "`", "\\", "export ", "#", "\n", "\r\n", "\r", "localhost:5433", "127.0.0.1:6379", "${A}", "# >>> block\n", "# <<< block\n"))),
            CheckEnvPatch);
    }

    private static void CheckEnvPatch(string text)
    {
        var source = DotEnvDocument.Parse(text);
        Assert.Equal(text, source.ToString());
        var patched = source.With("PORT", "4000").ToString();
        var entry = source.Entries.LastOrDefault(e => e.Key == "PORT");
        if (entry is null)
            Assert.StartsWith(text, patched, StringComparison.Ordinal);
        else
            Assert.True(patched.StartsWith(text[..entry.Start], StringComparison.Ordinal) && patched.EndsWith(text[entry.End..], StringComparison.Ordinal));
        source.EffectiveValues();
    }
}
