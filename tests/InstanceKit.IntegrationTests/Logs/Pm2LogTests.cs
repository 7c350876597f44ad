using InstanceKit.Logs;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

public sealed class Pm2LogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_app_writes_through_pm2_is_followed_with_its_stamps_past_a_flush()
    {
        await using var home = await TestPm2Home.CreateAsync();
        home.Write("app.js", """
            const { existsSync } = require('fs');
            console.log('first\nsecond');
            console.error('bad');
            const timer = setInterval(() => { if (existsSync('go')) { console.log('third'); clearInterval(timer); } }, 20);
            setInterval(() => {}, 1000);
            """);
        var file = home.Write("log.config.cjs", $$"""
            module.exports = { apps: [{
              name: 'log-3', script: 'app.js', cwd: __dirname, kill_timeout: 500, log_date_format: '{{LogText.Pm2DateFormat}}',
              out_file: `${__dirname}/out.log`, error_file: `${__dirname}/err.log` }] };
            """);
        var query = new LogQuery { Follow = true };
        await using var output = new FollowedLines(new LogFileReader($"{home.Folder}/out.log", "log", false).ReadAsync(query, Cancellation));
        await using var error = new FollowedLines(new LogFileReader($"{home.Folder}/err.log", "log", true).ReadAsync(query, Cancellation));
        var first = output.NextAsync();

        await home.Driver.StartAsync(file, ["log-3"], Cancellation);

        Assert.Equal(["first", "second", "bad"], [await first, await output.NextAsync(), await error.NextAsync()]);
        Assert.InRange(output.Timestamp, DateTimeOffset.Now.AddMinutes(-1), DateTimeOffset.Now);
        await home.RunAsync("flush", "log-3");
        home.Write("go", "");
        Assert.Equal("third", await output.NextAsync());
    }
}
