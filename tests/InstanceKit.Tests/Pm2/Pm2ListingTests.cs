using System.Text.Json;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.Tests.Pm2;

public sealed class Pm2ListingTests
{
    private const string OneApp = """
        [{"pid":4711,"name":"shipsec-backend-1","pm_id":4,"pm2_env":{"status":"waiting restart","restart_time":3,
        "pm_uptime":1795560618852,"pm_cwd":"/w/backend","pm_out_log_path":"/w/o.log","pm_err_log_path":"/w/e.log",
        "exit_code":7,"DATABASE_URL":"postgres://shipsec:hush@localhost:5533/shipsec","env":{"SHIPSEC_INSTANCE":"1",
        "INSTANCEKIT_OWNER":"abc","INSTANCEKIT_FINGERPRINT":"f00d","DATABASE_URL":"postgres://shipsec:hush@localhost:5533/shipsec"}}}]
        """;

    [Fact]
    public void A_process_keeps_its_facts_and_no_secret()
    {
        var process = Assert.Single(Pm2Listing.ParseOutput(OneApp)!);

        Assert.Equal(
            new Pm2Process
            {
                Name = "shipsec-backend-1",
                PmId = 4,
                Pid = 4711,
                Status = ProcessState.WaitingRestart,
                Restarts = 3,
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795560618852),
                Cwd = "/w/backend",
                OutLog = "/w/o.log",
                ErrLog = "/w/e.log",
                ExitCode = 7,
                Instance = "1",
                Owner = "abc",
                Fingerprint = "f00d",
            },
            process);
        Assert.DoesNotContain("hush", JsonSerializer.Serialize(process), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\n>>>> In-memory PM2 is out-of-date, do:\n>>>> $ pm2 update\n[]\n")]
    [InlineData("[PM2] Spawning PM2 daemon with pm2_home=/home/dev/.pm2\n[PM2] PM2 Successfully daemonized\n[]")]
    [InlineData("[1] something [2]\n[]")]
    public void Banners_before_the_list_are_passed_over(string output) => Assert.Empty(Pm2Listing.ParseOutput(output)!);

    [Fact]
    public void A_list_behind_a_banner_is_found() =>
        Assert.Single(Pm2Listing.ParseOutput("[PM2][WARN] Current process list [is] not in sync\n" + OneApp + "\nbye [1]")!);

    [Theory]
    [InlineData("")]
    [InlineData("[PM2][ERROR] Permission denied")]
    [InlineData("[{\"name\":\"cut o")]
    public void Without_a_list_there_is_none(string output) => Assert.Null(Pm2Listing.ParseOutput(output));

    [Theory]
    [InlineData("""[{}]""")]
    [InlineData("""[{"name":null,"pid":"x","pm2_env":null}]""")]
    [InlineData("""[{"name":"a","pid":0,"pm2_env":{"status":"one-launch-status","env":[]}}]""")]
    public void Missing_facts_are_left_open(string output)
    {
        var process = Assert.Single(Pm2Listing.ParseOutput(output)!);

        Assert.Equal((ProcessState.Unknown, (int?)null, (string?)null), (process.Status, process.Pid, process.Owner));
    }
}
