using System.Text.Json;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Pm2;

public sealed class Pm2ConfigRunnerTests
{
    private static readonly Dictionary<string, string> InstanceThree = new() { ["SHIPSEC_INSTANCE"] = "3" };

    [Theory]
    [InlineData("pm2.config.cjs", "module.exports = { apps: [{ name: 'a-' + process.env.SHIPSEC_INSTANCE, script: 'x' }] }")]
    [InlineData("pm2.config.cjs", "module.exports = [{ name: `a-${process.env.SHIPSEC_INSTANCE}`, script: 'x' }]")]
    [InlineData("pm2.config.cjs", "exports.name = 'a-3'; exports.script = 'x';")]
    [InlineData("ecosystem.config.js", "module.exports = async () => ({ apps: { name: 'a-3', script: 'x' } })")]
    [InlineData("ecosystem.config.mjs", "export default { apps: [{ name: 'a-3', script: 'x' }] }")]
    [InlineData("ecosystem.config.mjs", "export const apps = [{ name: 'a-3', script: 'x' }]")]
    [InlineData("ecosystem.config.cjs", "exports.__esModule = true; exports.default = { apps: [{ name: 'a-3', script: 'x' }] }")]
    [InlineData("ecosystem.json", """{ "apps": [{ "name": "a-3", "script": "x" }] }""")]
    [InlineData("pm2.config.cjs", "console.log('{\"apps\": []}'); console.table([1]); process.stdout.write('x'); setInterval(() => {}, 9); module.exports = { apps: [{ name: 'a-3', script: 'x', wait: () => 1, gone: undefined }] }")]
    public async Task Every_form_of_a_file_gives_its_apps(string name, string content)
    {
        await using var home = await TestPm2Home.CreateAsync();

        var apps = await EvaluateAsync(home.Write(name, content));

        Assert.Equal("""[{"name":"a-3","script":"x"}]""", apps);
        Assert.False(home.Driver.IsDaemonAlive());
    }

    [Theory]
    [InlineData("const a = 1;\nmodule.exports = { apps: [ ", "line 2", "Unexpected end of input")]
    [InlineData("const a = 1;\n\nrequire('./no-such-file')", "line 3", "Cannot find module './no-such-file'")]
    [InlineData("\nthrow new Error('no .env here')", "line 2", "no .env here")]
    [InlineData("throw 'text'", "", "text")]
    [InlineData("module.exports = 7", "", "exports no apps")]
    [InlineData("module.exports = { apps: [] }", "", "exports no apps")]
    [InlineData("const a = { script: 'x' }; a.a = a; module.exports = a", "", "circular")]
    [InlineData("console.error('giving up'); process.exit(4)", "exit code 4", "giving up")]
    [InlineData("module.exports = () => new Promise(() => {})", "exit code 0", "instead of returning its apps")]
    public async Task An_error_of_the_file_is_one_error_with_file_line_and_message(string content, string place, string message)
    {
        await using var home = await TestPm2Home.CreateAsync();
        var file = home.Write("pm2.config.cjs", content);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => EvaluateAsync(file));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains($"'{file}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_syntax_error_of_a_module_names_its_line()
    {
        await using var home = await TestPm2Home.CreateAsync();
        var file = home.Write("ecosystem.config.mjs", "const a = 1;\nexport default {{");

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => EvaluateAsync(file));

        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TypeScript_is_read_by_Node_or_by_the_workspace_s_compiler_or_refused_by_name()
    {
        await using var home = await TestPm2Home.CreateAsync();
        var file = home.Write("ecosystem.config.ts", "import { join } from 'node:path';\nconst name: string = join('a-' + process.env.SHIPSEC_INSTANCE);\nexport default { apps: [{ name, script: 'x' }] };");

        if (await Record.ExceptionAsync(() => EvaluateAsync(file)) is { } refused)
            Assert.Contains("can't read TypeScript", Assert.IsType<InstanceKitException>(refused).Message, StringComparison.Ordinal);
        Directory.CreateDirectory($"{home.Folder}/node_modules/typescript");
        home.Write("node_modules/typescript/index.js", """
            exports.transpileModule = (text) => ({ outputText: text.replace(': string', '')
              .replace(/import (.*) from (.*);/, 'const $1 = require($2);').replace('export default', 'exports.__esModule = true; exports.default =') });
            """);

        Assert.Equal("""[{"name":"a-3","script":"x"}]""", await EvaluateAsync(file));
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        await using var home = await TestPm2Home.CreateAsync();

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => EvaluateAsync($"{home.Folder}/pm2.config.cjs"));

        Assert.Contains($"{home.Folder}/pm2.config.cjs", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> EvaluateAsync(string file)
    {
        var apps = await Pm2Client.EvaluateConfigAsync(file, InstanceThree, TestContext.Current.CancellationToken);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(apps).RootElement.ValueKind);
        return apps;
    }
}
