using System.Diagnostics;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Pm2;

public sealed class Pm2ClientTests
{
    private const string TwoApps = """
        const app = (name) => ({
          name, script: 'app.js', cwd: __dirname, kill_timeout: 500,
          out_file: `${__dirname}/${name}.out.log`, error_file: `${__dirname}/${name}.err.log`,
          env: { SHIPSEC_INSTANCE: 3, INSTANCEKIT_OWNER: 'me', INSTANCEKIT_FINGERPRINT: 'f00d', SECRET: 'hush' },
        });
        module.exports = { apps: [app('one-3'), app('two-3')] };
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_daemon_nothing_is_listed_or_deleted_and_none_is_started()
    {
        await using var home = await TestPm2Home.CreateAsync();

        Assert.Empty(await home.Driver.ListAsync(Cancellation));
        Assert.Empty(await home.Driver.ListByCommandAsync(Cancellation));
        await home.Driver.DeleteAsync(["one-3", "all"], Cancellation);

        Assert.False(home.Driver.IsDaemonAlive());
        Assert.False(Directory.Exists(home.Driver.Home));
    }

    [Fact]
    public async Task A_started_app_is_listed_with_its_facts_by_either_way()
    {
        await using var home = await StartAsync();
        await Eventually.HoldsAsync(
            async () => (await home.Driver.ListAsync(Cancellation))[0].Status == ProcessState.Online, "one-3 is online");

        var process = Assert.Single(await home.Driver.ListAsync(Cancellation));

        Assert.Equal(("one-3", "3", "me", "f00d"), (process.Name, process.Instance, process.Owner, process.Fingerprint));
        Assert.Equal((home.Folder, $"{home.Folder}/one-3.out.log"), (process.Cwd, process.OutLog));
        Assert.Equal($"{home.Folder}/one-3.err.log", process.ErrLog);
        Assert.InRange(process.StartedAt!.Value, DateTimeOffset.Now.AddMinutes(-1), DateTimeOffset.Now);
        Assert.Contains(OwnedProcesses.Find("me"), p => p.Pid == process.Pid);
        Assert.DoesNotContain("hush", process.ToString(), StringComparison.Ordinal);
        Assert.Equal([process], await home.Driver.ListByCommandAsync(Cancellation));
    }

    [Fact]
    public async Task Variables_of_another_instance_do_not_reach_an_app_through_the_shell()
    {
        await using var home = await StartAsync();
        await Eventually.HoldsAsync(() => File.Exists($"{home.Folder}/environment.json"), "the app has written its environment");

        var environment = await File.ReadAllTextAsync($"{home.Folder}/environment.json", Cancellation);

        Assert.DoesNotContain("COMPOSE_PROJECT_NAME", environment, StringComparison.Ordinal);
        Assert.Contains(home.Driver.Home, environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_client_starts_apps_one_after_the_other_and_passes_nothing_of_one_on_to_the_next()
    {
        await using var home = await TestPm2Home.CreateAsync();
        using var clients = new Pm2ScriptRunners();
        var driver = new Pm2Client(home.Program, home.Driver.Home, clients);
        home.Write("app.js", "require('fs').writeFileSync(`of-${process.env.name}`, `${process.env.HOME} ${process.env.PWD}`); setInterval(() => {}, 1000);");
        var file = home.Write("apps.config.cjs", """
            module.exports = { apps: [
              { name: 'first', script: 'app.js', cwd: __dirname, filter_env: 'HOME' }, { name: 'second', script: 'app.js' },
              { name: 'nothing', script: 'nothing.js' },
            ] };
            """);
        driver.Prepare();

        await driver.StartAsync(file, ["first"], Cancellation);
        await driver.StartAsync(file, ["second"], Cancellation);
        var error = await Assert.ThrowsAnyAsync<InstanceKitException>(() => driver.StartAsync(file, ["nothing"], Cancellation));

        await Eventually.HoldsAsync(
            () => File.Exists($"{home.Folder}/of-first") && File.Exists($"{home.Folder}/of-second"), "both have written");
        Assert.Equal($"undefined {home.Folder}", await File.ReadAllTextAsync($"{home.Folder}/of-first", Cancellation));
        Assert.StartsWith($"{Environment.GetEnvironmentVariable("HOME")} ", await File.ReadAllTextAsync($"{home.Folder}/of-second", Cancellation), StringComparison.Ordinal);
        Assert.Contains($"Script not found: {home.Folder}/nothing.js", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Fact]
    public async Task Only_exact_names_are_deleted_and_absent_ones_are_no_error()
    {
        await using var home = await StartAsync();
        await home.Driver.StartAsync($"{home.Folder}/two.config.cjs", ["two-3"], Cancellation);
        Assert.Equal(["one-3", "two-3"], (await home.Driver.ListAsync(Cancellation)).Select(p => p.Name).Order());

        await home.Driver.DeleteAsync(["absent", "all", "default", "/.*/", "0", "one.3", "one-3"], Cancellation);

        Assert.Equal(["two-3"], (await home.Driver.ListAsync(Cancellation)).Select(p => p.Name));
        await home.Driver.DeleteAsync(["one-3"], Cancellation);
        await home.Driver.StartAsync($"{home.Folder}/two.config.cjs", ["one-3"], Cancellation);
        await home.Driver.DeleteAsync(["one-3", "two-3"], Cancellation);
        Assert.Empty(await home.Driver.ListAsync(Cancellation));
    }

    [Fact]
    public async Task A_name_that_the_file_does_not_have_is_an_error()
    {
        await using var home = await StartAsync();

        var error = await Assert.ThrowsAsync<InstanceKitException>(
            () => home.Driver.StartAsync($"{home.Folder}/two.config.cjs", ["nobody-3"], Cancellation));

        Assert.Contains("'nobody-3'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_ecosystem_file_is_an_error_with_pm2s_own_words()
    {
        await using var home = await TestPm2Home.CreateAsync();
        var file = home.Write("broken.config.cjs", "module.exports = { apps: [ ");

        var error = await Assert.ThrowsAnyAsync<InstanceKitException>(() => home.Driver.StartAsync(file, ["one-3"], Cancellation));

        Assert.Contains("broken.config.cjs", error.Message, StringComparison.Ordinal);
        Assert.Contains("SyntaxError", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crashed_app_shows_its_exit_code()
    {
        await using var home = await TestPm2Home.CreateAsync();
        home.Write("crash.js", "process.exit(7)");
        var file = home.Write(
            "crash.config.cjs", "module.exports = { apps: [{ name: 'crash-3', script: 'crash.js', cwd: __dirname, autorestart: false }] }");

        await home.Driver.StartAsync(file, ["crash-3"], Cancellation);

        await Eventually.HoldsAsync(
            async () => await home.Driver.ListAsync(Cancellation) is [{ Status: ProcessState.Stopped, ExitCode: 7, Pid: null }],
            "crash-3 is stopped with 7");
    }

    [Fact]
    public async Task What_a_killed_daemon_left_behind_is_not_taken_for_one()
    {
        await using var home = await StartAsync();
        var daemon = int.Parse(await File.ReadAllTextAsync($"{home.Driver.Home}/pm2.pid", Cancellation));
        var apps = OwnedProcesses.Find("me").Where(p => ProcessTree.Snapshot().IsWithin(p.Pid, daemon)).ToList();

        Assert.Empty(await OwnedProcesses.EndAsync([ProcessTree.ReadOne(daemon)!, .. apps], TimeSpan.Zero, Cancellation));

        Assert.True(File.Exists($"{home.Driver.Home}/rpc.sock"));
        Assert.False(home.Driver.IsDaemonAlive());
        Assert.Empty(await home.Driver.ListAsync(Cancellation));
        await home.Driver.StartAsync($"{home.Folder}/two.config.cjs", ["one-3"], Cancellation);
        Assert.Single(await home.Driver.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Two_first_starts_at_once_share_one_daemon()
    {
        await using var home = await TestPm2Home.CreateAsync();
        var file = WriteApps(home);
        var other = new Pm2Client(home.Program, home.Driver.Home);

        await Task.WhenAll(
            home.Driver.StartAsync(file, ["one-3"], Cancellation), other.StartAsync(file, ["two-3"], Cancellation));

        Assert.Equal(["one-3", "two-3"], (await home.Driver.ListAsync(Cancellation)).Select(p => p.Name).Order());
    }

    [Theory]
    [InlineData(94, true)]
    [InlineData(100, false)]
    public async Task A_home_whose_path_is_too_long_is_refused(int length, bool isAccepted)
    {
        var program = await Requires.Pm2Async();
        var path = "/tmp/".PadRight(length, 'h');

        if (isAccepted)
        {
            Assert.False(new Pm2Client(program, path).IsDaemonAlive());
            return;
        }

        var error = Assert.Throws<InstanceKitException>(() => new Pm2Client(program, path));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("too long for PM2's sockets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_is_cheap()
    {
        await using var home = await StartAsync();
        await home.Driver.ListAsync(Cancellation);
        var watch = Stopwatch.StartNew();
        await home.Driver.ListAsync(Cancellation);
        var bySocket = watch.Elapsed;
        watch.Restart();
        await home.Driver.ListByCommandAsync(Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"socket {bySocket.TotalMilliseconds:0.0} ms, command {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(bySocket < watch.Elapsed);
    }

    private static async Task<TestPm2Home> StartAsync()
    {
        var home = await TestPm2Home.CreateAsync();
        Environment.SetEnvironmentVariable("COMPOSE_PROJECT_NAME", "of-another-instance");
        await home.Driver.StartAsync(WriteApps(home), ["one-3"], Cancellation);
        return home;
    }

    private static string WriteApps(TestPm2Home home)
    {
        home.Write("app.js", $"require('fs').writeFileSync('environment.json', JSON.stringify(process.env)); setInterval(() => {{}}, 1000);");
        return home.Write("two.config.cjs", TwoApps);
    }
}
