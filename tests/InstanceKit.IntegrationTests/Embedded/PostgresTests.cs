using System.Diagnostics;
using InstanceKit.Infra;
using InstanceKit.Models;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Embedded;

/// <summary>A real PostgreSQL from npm, as a process.</summary>
public sealed class PostgresTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_is_made_with_the_stacks_words_and_scripts_and_keeps_its_data()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(Service(instance,
            ("20-tables.sql", "CREATE TABLE made (by text);\nINSERT INTO made VALUES ('a script; and ''more''');"),
            ("10-database.sh", "set -e\npsql -v ON_ERROR_STOP=1 --username \"$POSTGRES_USER\" --dbname \"$POSTGRES_DB\" <<'SQL'\n"
                + "SELECT 'CREATE DATABASE other' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'other')\n\\gexec\nSQL\n"),
            ("notes.txt", "no script")));

        await instance.StartAsync(choice);

        Assert.Equal("a script; and 'more'|63", await AskAsync(choice, "SELECT by, current_setting('max_connections') FROM made"));
        Assert.Equal("other", await AskAsync(choice, "SELECT datname FROM pg_database WHERE datname = 'other'"));
        Assert.Contains("password authentication failed", await FailAsync(choice, "wrong"), StringComparison.Ordinal);

        await AskAsync(choice, "INSERT INTO made VALUES ('an app')");
        await instance.StopAsync(choice);
        // Of the server that ran the scripts, and of this one, which was not just ended.
        await Eventually.HoldsAsync(
            () => instance.Log(choice).Split("received fast shutdown request").Length == 3, "the server was asked to end");
        await instance.StartAsync(choice);
        Assert.Equal("2", await AskAsync(choice, "SELECT count(*) FROM made"));
    }

    [Fact]
    public async Task Init_scripts_run_where_no_client_is_installed()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(Service(instance,
            ("1.sql", "\\connect postgres\nCREATE DATABASE twin;\n\\connect twin\n"
                + "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $body$ SELECT 1; $body$; -- a; b\nSELECT one();"),
            ("2.sh", "psql -tAc \"SELECT 'CREATE ROLE reader'\" | psql -q")));
        choice = choice with
        {
            Process = choice.Process! with { Settings = choice.Process.Settings!.Replace("\"usesOwnClient\":false", "\"usesOwnClient\":true") },
        };

        await instance.StartAsync(choice);

        Assert.Equal("reader", await AskAsync(choice, "SELECT rolname FROM pg_roles WHERE rolname = 'reader'"));
        Assert.Equal("1", await AskAsync(choice, "SELECT one()", database: "twin"));
    }

    [Fact]
    public async Task Script_that_fails_is_named_and_the_data_is_made_anew_once_it_is_right()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(Service(instance, ("1.sql", "SELECT nonsense;")));
        var file = Path.Combine(instance.Workspace, "init", "1.sql");

        await instance.BeginAsync(choice);
        await Eventually.HoldsAsync(() => instance.Log(choice).Contains($"{file} exited with", StringComparison.Ordinal), "the script is named");
        await File.WriteAllTextAsync(file, "SELECT 1;", Cancellation);
        await instance.AnswersAsync(choice);

        Assert.Contains("incomplete", instance.Log(choice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_server_comes_back_with_its_data_and_root_does_not_run_it()
    {
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(Service(instance));
        await instance.StartAsync(choice);
        await AskAsync(choice, "CREATE TABLE kept (x int)");
        var launcher = (await instance.Pm2.ListAsync(Cancellation)).Single().Pid!.Value;
        var server = ServerOf(choice);
        if (Environment.IsPrivilegedProcess)
            Assert.NotEqual("0", await EmbeddedInstance.NodeAsync($"console.log(require('fs').statSync('/proc/{server}').uid)"));

        // The launcher dies first and leaves its server behind; then the server itself.
        Process.GetProcessById(launcher).Kill();
        await Eventually.HoldsAsync(() => ServerOf(choice) is > 0 and var next && next != server, "another server runs");
        await Eventually.HoldsAsync(() => AnswersSqlAsync(choice), "it answers");
        Process.GetProcessById(ServerOf(choice)).Kill();
        await Eventually.HoldsAsync(() => AnswersSqlAsync(choice), "it answers again");

        Assert.Equal("0", await AskAsync(choice, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Below_a_closed_folder_the_server_has_no_capability_and_its_data_is_moved_to_where_it_may_enter()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Root starts the server here.");
        await using var instance = await EmbeddedInstance.CreateAsync();
        var choice = await instance.ChooseAsync(Service(instance, ("1.sql", "CREATE TABLE kept AS SELECT 7 AS x;")));
        await instance.StartAsync(choice);
        await instance.StopAsync(choice);
        var closed = Path.GetDirectoryName(instance.Workspace)!;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await instance.StartAsync(choice);
            Assert.Equal("7", await AskAsync(choice, "SELECT x FROM kept"));
            Assert.False(Directory.Exists(Path.Combine(choice.Service.DataFolder, "cluster")));
            var folder = await File.ReadAllTextAsync(Path.Combine(choice.Service.DataFolder, "elsewhere"), Cancellation);
            var server = (await File.ReadAllLinesAsync(Path.Combine(folder, "data", "cluster", "postmaster.pid"), Cancellation))[0];
            RequireUnprivileged(await File.ReadAllLinesAsync($"/proc/{server}/status", Cancellation));

            // What whoever has the password can run; the workspace and root's files are closed to it.
            await AskAsync(choice, "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; cat /proc/self/status >/tmp/ik-pg-status.$PPID'");
            var written = Directory.GetFiles("/tmp", "ik-pg-status.*").Single();
            RequireUnprivileged(await File.ReadAllLinesAsync(written, Cancellation));
            File.Delete(written);
            var refused = await ClientAsync(choice, "se'cret", $"COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; ls {instance.Workspace}'", "shop");
            Assert.False(refused.Succeeded);

            await AskAsync(choice, "INSERT INTO kept VALUES (8)");
            await instance.StopAsync(choice);
            await instance.StartAsync(choice);
            Assert.Equal("2", await AskAsync(choice, "SELECT count(*) FROM kept"));
            await instance.StopAsync(choice);
            AccountData.Remove(instance.Spec.Paths);
            Assert.False(Directory.Exists(folder));
        }
        finally
        {
            AccountData.Remove(instance.Spec.Paths);
        }
    }

    [Fact]
    public async Task Two_instances_side_by_side_have_nothing_in_common()
    {
        await using var first = await EmbeddedInstance.CreateAsync();
        await using var second = await EmbeddedInstance.CreateAsync();
        var choices = new[] { await first.ChooseAsync(Service(first)), await second.ChooseAsync(Service(second)) };
        await Task.WhenAll(first.StartAsync(choices[0]), second.StartAsync(choices[1]));

        await AskAsync(choices[0], "CREATE TABLE mine (x int)");

        Assert.Equal("0", await AskAsync(choices[1], "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"));
    }

    private static ComposeService Service(EmbeddedInstance instance, params IReadOnlyList<(string Name, string Text)> scripts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(instance.Workspace, "init")).FullName;
        foreach (var (name, text) in scripts)
            File.WriteAllText(Path.Combine(folder, name), text);
        return EmbeddedInstance.Service("postgres", "registry.example:5000/library/postgres:16-alpine", 5432, 5433) with
        {
            Environment = new Dictionary<string, string?>
            {
                ["POSTGRES_USER"] = "dev", ["POSTGRES_PASSWORD"] = "se'cret", ["POSTGRES_DB"] = "shop",
            },
            Command = ["postgres", "-c", "max_connections=63", "-c", "port=1"],
            Mounts = [new ComposeMount("bind", folder, "/docker-entrypoint-initdb.d", IsReadOnly: false)],
        };
    }

    private static int ServerOf(EmbeddedChoice choice)
    {
        var file = Path.Combine(choice.Service.DataFolder, "cluster", "postmaster.pid");
        return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) ? pid : 0;
    }

    private static void RequireUnprivileged(string[] status)
    {
        Assert.DoesNotContain("Uid:\t0", string.Join('\n', status), StringComparison.Ordinal);
        foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" })
            Assert.Contains($"{set}:\t0000000000000000", status);
    }

    private static async Task<bool> AnswersSqlAsync(EmbeddedChoice choice) =>
        (await ClientAsync(choice, "se'cret", "SELECT 1", "shop")).Succeeded;

    private static async Task<string> AskAsync(EmbeddedChoice choice, string sql, string database = "shop")
    {
        var result = await ClientAsync(choice, "se'cret", sql, database);
        Assert.True(result.Succeeded, result.StandardError);
        return result.StandardOutput.Trim();
    }

    private static async Task<string> FailAsync(EmbeddedChoice choice, string password) =>
        (await ClientAsync(choice, password, "SELECT 1", "shop")).StandardError;

    // The client that init scripts are given where none is installed.
    private static Task<ProcessResult> ClientAsync(EmbeddedChoice choice, string password, string sql, string database) =>
        ProcessRunner.RunAsync(new ProcessSpec
        {
            Program = "node",
            Arguments =
            [
                Path.Combine(Path.GetDirectoryName(choice.Process!.Script)!, "psql.cjs"), "-v", "ON_ERROR_STOP=1", "-qtA",
                "-h", "127.0.0.1", "-p", $"{choice.Process.Port}", "-U", "dev", "-d", database, "-c", sql,
            ],
            Environment = new Dictionary<string, string?>
            {
                ["PGPASSWORD"] = password,
                ["INSTANCEKIT_PG_PACKAGE"] = System.Text.Json.Nodes.JsonNode.Parse(choice.Process.Settings!)!["package"]!.ToString(),
            },
            Timeout = TimeSpan.FromSeconds(30),
        }, cancellation: Cancellation);
}
