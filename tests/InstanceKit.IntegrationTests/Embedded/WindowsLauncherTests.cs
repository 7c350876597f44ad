using System.Text.Json.Nodes;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.IntegrationTests.Embedded;

/// <summary>PostgreSQL's launcher goes Windows' way, where it has one of its own, with the programs of this system.</summary>
public sealed class WindowsLauncherTests
{
    /// <summary>Starts the launcher three times: ends it by PM2's message, kills it, ends it again.</summary>
    private const string Harness = """
        const [launcher, preload, settings] = process.argv.slice(1);
        const fs = require('fs');
        const { fork } = require('child_process');
        const { data } = JSON.parse(settings);
        const server = () => {
          try {
            const lines = fs.readFileSync(`${data}/cluster/postmaster.pid`, 'utf8').split('\n');
            return lines[7]?.trim() === 'ready' && fs.existsSync(`${data}/initialised.json`) ? Number(lines[0]) : 0;
          } catch {
            return 0;
          }
        };
        const start = async (before) => {
          const child = fork(launcher, [], {
            execArgv: ['-r', preload], stdio: ['ignore', 2, 2, 'ipc'],
            env: { ...process.env, TEMP: require('os').tmpdir(), INSTANCEKIT_SERVICE: settings },
          });
          let hasEnded = false;
          child.ended = new Promise((resolve) => child.once('exit', (code, signal) => { hasEnded = true; resolve(code ?? signal); }));
          while (!hasEnded && [0, before].includes(server())) await new Promise((done) => setTimeout(done, 20));
          return child;
        };
        (async () => {
          const first = await start(0);
          first.send('shutdown');
          const ends = [await first.ended, server() === 0];
          const second = await start(0);
          const survivor = server();
          second.kill('SIGKILL');
          ends.push(await second.ended, server() === survivor);
          const third = await start(survivor);
          third.send('shutdown');
          console.log(JSON.stringify([...ends, await third.ended, server() === 0]));
        })();
        """;

    [Fact]
    public async Task Server_ends_when_told_by_a_message_and_so_does_one_that_was_left_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs of this system get the names of Windows.");
        await using var instance = await EmbeddedInstance.CreateAsync();
        var scripts = Directory.CreateDirectory(Path.Combine(instance.Workspace, "init")).FullName;
        await File.WriteAllTextAsync(Path.Combine(scripts, "1.sql"), "CREATE TABLE made (x int);\n", TestContext.Current.CancellationToken);
        var choice = await instance.ChooseAsync(EmbeddedInstance.Service("postgres", "postgres:16", 5432, 5433) with
        {
            Environment = new Dictionary<string, string?> { ["POSTGRES_USER"] = "dev", ["POSTGRES_PASSWORD"] = "secret" },
            Mounts = [new ComposeMount("bind", scripts, "/docker-entrypoint-initdb.d", IsReadOnly: false)],
        });
        var settings = JsonNode.Parse(choice.Process!.Settings!)!;
        settings["programs"] = WindowsNames((string)settings["programs"]!, Directory.CreateDirectory(Path.Combine(instance.Workspace, "bin")).FullName);
        var preload = Path.Combine(instance.Workspace, "windows.cjs");
        await File.WriteAllTextAsync(
            preload, "Object.defineProperty(process, 'platform', { value: 'win32' });\n", TestContext.Current.CancellationToken);

        var ends = await EmbeddedInstance.NodeAsync(Harness, choice.Process.Script, preload, settings.ToJsonString());

        Assert.Equal("""[0,true,"SIGKILL",true,0,true]""", ends);
    }

    private static string WindowsNames(string programs, string folder)
    {
        foreach (var program in new[] { "postgres", "initdb", "pg_ctl" })
            File.CreateSymbolicLink(Path.Combine(folder, program + ".exe"), Path.Combine(programs, program));
        return folder;
    }
}
