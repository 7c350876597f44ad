using CsCheck;
using InstanceKit.Addresses;
using Xunit;

namespace InstanceKit.Tests.Addresses;

/// <summary>What source files assume where no variable is set, and what they always use.</summary>
public sealed class SourceScannerTests
{
    [Theory]
    [InlineData("a.ts", "const u = process.env.API_URL ?? 'http://localhost:3211';", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const u = process.env.API_URL || `http://localhost:3211`;", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const u = process.env['API_URL'] || \"http://localhost:3211\"", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "f(process.env.A_URL ?? process.env.B_URL ?? 'redis://localhost:6379', 1);", "A_URL,B_URL redis://localhost:6379")]
    [InlineData("a.ts", "const u =\n  process.env.A_URL ??\n  process.env.B_URL ??\n  'http://localhost:3211';", "A_URL,B_URL http://localhost:3211")]
    [InlineData("a.ts", "export const U = process.env.A_URL ?? (isInDocker() ? 'http://api:1/v1' : 'http://localhost:3211/v1');", "A_URL http://localhost:3211/v1")]
    [InlineData("a.ts", "const u = process.env.A_URL ?? (isInDocker() ? 'http://localhost:3211' : api);", "A_URL http://localhost:3211")]
    [InlineData("a.ts", "const u = process.env.API_URL ? process.env.API_URL : 'http://localhost:3211';", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const u = (process.env.API_URL as string) || 'http://localhost:3211';", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const u = process.env.API_URL?.trim() || 'http://localhost:3211';", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const u = new URL(process.env.API_URL ?? 'http://localhost:3211');", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const u = process.env.ORIGINS?.split(',') ?? ['http://localhost:5173'];", "ORIGINS http://localhost:5173")]
    [InlineData("a.js", "const { API_URL = 'http://localhost:3211', B } = process.env;", "API_URL http://localhost:3211")]
    [InlineData("a.js", "const { B, API_URL: url = 'http://localhost:3211' } = process.env;", "API_URL http://localhost:3211")]
    [InlineData("a.js", "process.env.API_URL ??= 'http://localhost:3211'", "API_URL http://localhost:3211")]
    [InlineData("a.tsx", "const base = import.meta.env.VITE_API_URL || 'http://localhost:3211'", "VITE_API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const u = Bun.env.API_URL ?? 'http://localhost:3211'", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const u = Deno.env.get('API_URL') ?? 'http://localhost:3211'", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const schema = z.object({\n  OTHER: z.string(),\n  API_URL: z.string().optional().default('http://localhost:3211'),\n});", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const schema = z.object({\n  API_URL: z\n    .string()\n    .url()\n    .default('http://localhost:3211'),\n});", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "cleanEnv(process.env, { API_URL: url({ default: 'http://localhost:3211' }) })", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "cleanEnv(process.env, { A: str(), API_URL: url({ desc: 'x', devDefault: 'http://localhost:3211' }) })", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "this.address = this.configService.get<string>('TEMPORAL_ADDRESS', 'localhost:7233');", "TEMPORAL_ADDRESS localhost:7233")]
    [InlineData("a.ts", "const u = config.get('API_URL') || 'http://localhost:3211';", "API_URL* http://localhost:3211")]
    [InlineData("a.ts", "const FALLBACK = 'http://localhost:3211';\nexport const url = process.env.API_URL ?? FALLBACK;", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const D = 'http://localhost:3211';\nconst DEF = D;\nconst a = process.env.A_URL ?? DEF_B;\nconst DEF_B = 'http://localhost:4000';\nconst b = process.env.B_URL || DEF_B;", "A_URL http://localhost:4000", "B_URL* http://localhost:4000")]
    [InlineData("a.py", "URL = os.getenv(\"API_URL\", \"http://localhost:3211\")", "API_URL http://localhost:3211")]
    [InlineData("a.py", "URL = os.environ.get('API_URL', 'http://localhost:3211')", "API_URL http://localhost:3211")]
    [InlineData("a.py", "URL = os.environ.get('API_URL') or 'http://localhost:3211'", "API_URL* http://localhost:3211")]
    [InlineData("a.py", "URL = config(\"API_URL\", default=\"http://localhost:3211\")", "API_URL http://localhost:3211")]
    [InlineData("a.py", "URL = os.getenv('A_URL', os.getenv('B_URL', 'http://localhost:3211'))", "A_URL,B_URL http://localhost:3211")]
    [InlineData("a.py", "os.environ.setdefault('API_URL', 'http://localhost:3211')", "API_URL http://localhost:3211")]
    [InlineData("a.py", "class Settings(BaseSettings):\n    name: str = 'x'\n    database_url: str = 'postgres://localhost:5433/app'\n", "DATABASE_URL postgres://localhost:5433/app")]
    [InlineData("a.py", "PORT = int(os.getenv('DB_PORT', 5433))", "DB_PORT 5433")]
    [InlineData("a.rb", "url = ENV.fetch('API_URL', 'http://localhost:3211')", "API_URL http://localhost:3211")]
    [InlineData("a.rb", "url = ENV.fetch('API_URL') { 'http://localhost:3211' }", "API_URL http://localhost:3211")]
    [InlineData("a.rb", "url = ENV['API_URL'] || 'http://localhost:3211'", "API_URL* http://localhost:3211")]
    [InlineData("a.go", "addr := getEnv(\"API_URL\", \"http://localhost:3211\")", "API_URL http://localhost:3211")]
    [InlineData("a.go", "viper.SetDefault(\"API_URL\", \"http://localhost:3211\")", "API_URL http://localhost:3211")]
    [InlineData("A.java", "String u = System.getenv().getOrDefault(\"API_URL\", \"http://localhost:3211\");", "API_URL http://localhost:3211")]
    [InlineData("A.java", "@Value(\"${API_URL:http://localhost:3211}\") String url;", "API_URL http://localhost:3211")]
    [InlineData("A.java", "var u = Optional.ofNullable(System.getenv(\"API_URL\")).orElse(\"http://localhost:3211\");", "API_URL http://localhost:3211")]
    [InlineData("a.kt", "val u = System.getenv(\"API_URL\") ?: \"http://localhost:3211\"", "API_URL* http://localhost:3211")]
    [InlineData("a.cs", "var u = Environment.GetEnvironmentVariable(\"API_URL\") ?? \"http://localhost:3211\";", "API_URL http://localhost:3211")]
    [InlineData("a.rs", "let u = env::var(\"API_URL\").unwrap_or_else(|_| \"http://localhost:3211\".to_string());", "API_URL http://localhost:3211")]
    [InlineData("a.rs", "let u = std::env::var(\"API_URL\").unwrap_or(\"http://localhost:3211\".into());", "API_URL http://localhost:3211")]
    [InlineData("a.php", "$u = getenv('API_URL') ?: 'http://localhost:3211';", "API_URL* http://localhost:3211")]
    [InlineData("a.php", "'url' => env('API_URL', 'http://localhost:3211'),", "API_URL http://localhost:3211")]
    [InlineData("a.ex", "url = System.get_env(\"API_URL\", \"http://localhost:3211\")", "API_URL http://localhost:3211")]
    [InlineData("a.sh", "curl \"${API_URL:-http://localhost:3211}/health\"", "API_URL* http://localhost:3211")]
    [InlineData("a.sh", ": ${API_URL:=http://localhost:3211}", "API_URL* http://localhost:3211")]
    [InlineData("a.yml", "url: ${API_URL:http://localhost:3211}", "API_URL http://localhost:3211")]
    [InlineData("a.ts", "const port = parseInt(process.env.MINIO_PORT ?? '9000', 10);", "MINIO_PORT 9000")]
    [InlineData("a.ts", "const port = Number(process.env.MINIO_PORT) || 9000;", "MINIO_PORT* 9000")]
    [InlineData("a.ts", "MINIO_PORT: z.coerce.number().int().min(1).max(65535).default(9000),", "MINIO_PORT 9000")]
    [InlineData("a.ts", "const endpoint = process.env.MINIO_ENDPOINT ?? 'localhost';", "MINIO_ENDPOINT localhost")]
    [InlineData("a.ts", "new Pool({ host: process.env.DB_HOST || 'localhost', port: Number(process.env.DB_PORT) || 5433 })", "DB_HOST* localhost", "DB_PORT* 5433")]
    [InlineData("a.ts", "const u = `postgres://u:p@${process.env.DB_HOST || 'localhost'}:${process.env.DB_PORT || 5433}/app`;", "DB_HOST* localhost", "DB_PORT* 5433")]
    [InlineData("a.sh", "psql -h ${DB_HOST:-localhost} -p ${DB_PORT:-5433}", "DB_HOST* localhost", "DB_PORT* 5433")]
    public void The_default_of_a_variable_is_found(string path, string text, params string[] expected) =>
        Assert.Equal(expected, Describe(text, path, SourceUse.Default));

    [Theory]
    [InlineData("a.ts", "const u = process.env.API_URL ?? 'http://localhost:3211' + path;")]
    [InlineData("a.ts", "const u = process.env.API_URL ?? `http://localhost:3211/${version}`;")]
    [InlineData("a.py", "u = os.getenv('API_URL', f'http://localhost:3211/{version}')")]
    public void A_default_that_is_longer_than_its_text_is_not_taken_for_whole(string path, string text)
    {
        Assert.Empty(Describe(text, path, SourceUse.Default));
        Assert.Single(Describe(text, path, SourceUse.PartOfDefault));
    }

    [Theory]
    [InlineData("a.ts", "await fetch('http://localhost:3211/api');")]
    [InlineData("a.ts", "let baseUrl = 'http://localhost:3211';")]
    [InlineData("a.ts", "proxy: { '/api': { target: 'http://localhost:3211', changeOrigin: true } }")]
    [InlineData("a.ts", "const u = config.baseUrl || 'http://localhost:3211';")]
    [InlineData("a.ts", "const u = localStorage.getItem('API_URL') || 'http://localhost:3211';")]
    [InlineData("a.ts", "const A = process.env.A_URL ?? 'x';\nconst b = 'http://localhost:3211';")]
    [InlineData("a.ts", "f(process.env.A_URL ?? 'x', 'http://localhost:3211');")]
    [InlineData("a.ts", "const o = { A_URL: process.env.A_URL ?? 'x', url: 'http://localhost:3211' };")]
    [InlineData("a.ts", "const q = s.replace(/['\"`]/g, '');\nfetch(`http://localhost:3211`); // don't\nf('x');")]
    [InlineData("a.ts", "const API = 'http://localhost:3211';\nconst a = process.env.A_URL ?? API;\nfetch(API);")]
    [InlineData("a.ts", "new Pool({ host: 'localhost', user: 'app', port: 5433 })")]
    [InlineData("a.py", "r = psycopg.connect(host=\"localhost\", port=5433)")]
    [InlineData("a.py", "a = os.environ.get('A_URL')\nb = 'http://localhost:3211'")]
    [InlineData("a.json", "{ \"proxy\": \"http://localhost:3211\" }")]
    [InlineData("a.json", "{ \"db\": { \"host\": \"localhost\", \"port\": 5433 } }")]
    [InlineData("a.yml", "url: http://localhost:3211")]
    [InlineData("api/.dev.vars", "NAME=x # don't\nAPI_URL=http://localhost:3211")]
    [InlineData(".env.dev", "# http://localhost:4000\nAPI_URL=\"http://localhost:3211\"")]
    [InlineData("a.sh", "curl -s http://127.0.0.1:3211/health")]
    [InlineData("a.sh", "url() { echo \"http://localhost:3211\"; }")]
    [InlineData("a.ts", "const url = new URL('/api', 'http://localhost:3211');")]
    [InlineData("a.go", "client := New(\"http://localhost:3211\")")]
    [InlineData("A.java", "Map.of(\"API_URL\", \"http://localhost:3211\")")]
    public void An_address_that_no_variable_replaces_is_a_literal(string path, string text)
    {
        Assert.Single(Describe(text, path, SourceUse.Literal));
        Assert.Single(SourceScanner.Find(text, path, []));
    }

    [Theory]
    [InlineData("a.ts", "// const u = 'http://localhost:3211'")]
    [InlineData("a.ts", "/**\n * Runs at http://localhost:3211\n */\nf();")]
    [InlineData("a.ts", "const glob = 'src/**/*.ts'; // localhost:3211")]
    [InlineData("a.ts", "const p = process.env.PORT;\nf(3000);")]
    [InlineData("a.ts", "const EXPORT = 5433; const REPORTS = 9000;")]
    [InlineData("a.ts", "const host = 'localhost';")]
    [InlineData("a.ts", "if (location.hostname === 'localhost') f(5433);")]
    [InlineData("a.ts", "const u = process.env.API_URL ?? 'https://api.example.com:3211';")]
    [InlineData("a.ts", "const u = `http://localhost:${port}`;")]
    [InlineData("a.ts", "@ApiProperty({ example: 'http://localhost:3211' })")]
    [InlineData("a.tsx", "<input placeholder=\"http://localhost:3211\" />")]
    [InlineData("a.tsx", "<p>Don't open http://localhost:3211</p>")]
    [InlineData("a.ts", "const url = new URL(request.url, 'http://localhost');")]
    [InlineData("a.vue", "<!-- http://localhost:3211 -->")]
    [InlineData("a.py", "def f():\n    \"\"\"Calls http://localhost:3211.\"\"\"\n    return 1")]
    [InlineData("a.py", "x = 1 # http://localhost:3211")]
    [InlineData("a.sh", "# curl http://localhost:3211")]
    public void What_the_program_does_not_use_is_not_found(string path, string text) => Assert.Empty(SourceScanner.Find(text, path, []));

    [Theory]
    [InlineData("a.ts", "console.log('Listening', 'http://localhost:3211');")]
    [InlineData("a.ts", "throw new Error('Start the backend at http://localhost:3211 first');")]
    [InlineData("a.py", "print('See http://localhost:3211')")]
    [InlineData("a.sh", "  echo \"  UI: http://localhost:8081\"")]
    public void A_message_is_told_from_what_is_used(string path, string text) => Assert.Single(Describe(text, path, SourceUse.Message));

    [Theory]
    [InlineData("a.ts", "await exec(`docker rm -f ${id}`);", "docker rm -f ${id}")]
    [InlineData("a.ts", "spawn('docker', ['rm', '-f', 'shop-db']);", "docker rm -f shop-db ;")]
    [InlineData("a.py", "subprocess.run([\"docker\", \"exec\", \"shop-db\", \"psql\"])", "docker exec shop-db psql")]
    [InlineData("justfile", "db:\n    docker exec -it shop-db psql\n", "docker exec -it shop-db psql")]
    [InlineData("a.ts", "const c = docker.getContainer('shop-db');", "getContainer shop-db ;")]
    public void A_command_to_the_engine_is_found(string path, string text, string expected) =>
        Assert.Equal([expected], Describe(text, path, SourceUse.Engine));

    [Theory]
    [InlineData("a.ts", "// docker rm -f shop-db")]
    [InlineData("a.ts", "console.log('Run docker stop shop-db first');")]
    [InlineData("a.sh", "echo \"docker stop shop-db\"")]
    [InlineData("a.ts", "const kind = 'docker'; run(kind);")]
    [InlineData("a.sh", "docker compose up -d; docker build .")]
    public void What_only_names_the_engine_is_no_command(string path, string text) => Assert.Empty(Describe(text, path, SourceUse.Engine));

    [Theory]
    [InlineData("docker rm -f ${id}", null)]
    [InlineData("docker ps -a --filter name=mcp-server- --format {{.Names}}", "mcp-server-")]
    [InlineData("docker ps -q -f name=^/agent$", "agent")]
    [InlineData("docker volume ls --filter label=a.managed=true --filter label=a.run=${run}", null)]
    [InlineData("docker volume ls --filter label=a.managed=true", "a.managed=true")]
    [InlineData("docker run -d --name agent image", "agent")]
    [InlineData("docker run -d --name agent-${id} image", null)]
    [InlineData("docker volume prune -f", "prune")]
    [InlineData("docker volume prune -f --filter label=x-${n}", null)]
    public void A_fixed_name_or_filter_ties_instances(string command, string? expected) =>
        Assert.Equal(expected, SharedScanner.TieOf(command)?.What);

    [Theory]
    [InlineData("res.cookie(NAME, token, {});", 1)]
    [InlineData("cookies().set('a', b); cookies().set('c', d);", 1)]
    [InlineData("res.setHeader('Set-Cookie', c);", 1)]
    [InlineData("http.SetCookie(w, &c); response.addCookie(c);", 1)]
    [InlineData("const a = req.cookies.session; // res.cookie(x)", 0)]
    public void That_a_file_sets_cookies_is_told_once(string text, int count) => Assert.Equal(count, Describe(text, "a.ts", SourceUse.Cookie).Count());

    [Fact]
    public void A_finding_names_its_line_and_further_names_of_this_machine_count()
    {
        var finding = Assert.Single(SourceScanner.Find("a();\nb();\nfetch('http://dev.local:3211');", "a.ts", ["dev.local"]));

        Assert.Equal((3, SourceUse.Literal), (finding.Line, finding.Use));
        Assert.Empty(SourceScanner.Find("fetch('http://dev.local:3211');", "a.ts", []));
    }

    [Fact]
    public void A_minified_line_is_skipped() =>
        Assert.Empty(SourceScanner.Find(new string('x', 3000) + "fetch('http://localhost:3211')", "a.js", []));

    [Fact]
    public void Any_text_is_read_to_its_end_and_findings_are_in_it() => Gen.Select(
        Gen.OneOf<string>(
            "localhost:5433", "'", "\"", "`", "${", "}", "{", "(", ")", "//", "/*", "*/", "#", "\n", " ", "process.env.DB_PORT", " ?? ", " || ", "5433", ",", ";", "PORT", "${A:-",
            "getenv(\"X\", ", ".default(", "X: ", "\\", "/", "\"\"\"", "=").Array[0, 24].Select(string.Concat),
        Gen.OneOf<string>("a.ts", "a.py", "a.sh", "a.vue", "a.go", "a.rs", "a.json")).Sample((text, path) =>
    {
        var found = SourceScanner.Find(text, path, []);
        Assert.All(found, f => Assert.Contains(f.Text, text, StringComparison.Ordinal));
        Assert.All(found, f => Assert.InRange(f.Line, 1, text.Count(c => c == '\n') + 1));
        Assert.True(found.Count == 0 || SourceScanner.MayFind(System.Text.Encoding.UTF8.GetBytes(text), []));
    }, iter: 20_000);

    private static IEnumerable<string> Describe(string text, string path, SourceUse use) =>
        SourceScanner.Find(text, path, []).Where(f => f.Use == use)
            .Select(f => $"{string.Join(',', f.Variables)}{(f.IsForEmpty ? "*" : "")} {f.Text}".Trim());
}
