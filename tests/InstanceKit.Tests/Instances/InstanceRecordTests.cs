using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class InstanceRecordTests
{
    private static readonly InstanceRecord Record = new()
    {
        Project = "shipsec-dev-1",
        Ports = Studio.Ports(1, new PublishedPort("dns", 53, 5353, "udp")),
        Services = ["postgres", "dns"],
        Files = new Dictionary<string, string> { ["backend.env"] = "f00d" },
        MadeFrom = new Dictionary<string, string> { ["backend/.env"] = "beef" },
        Kept = new Dictionary<string, KeptFile> { ["backend.env"] = new(new Dictionary<string, string> { ["backend/.env"] = "feed" }, "d1ff") },
        AppliedModel = "cafe",
        Subnets = new SubnetPlan(1, [new SubnetAssignment("net", "172.28.0.0/16", "10.255.0.0/16", "why")]),
        Footprint = new InstanceFootprint { Ports = ["tcp/5533"], Names = ["network n"], Subnets = ["10.255.0.0/16"] },
        Pm2Home = "/home/me/.pm2",
        Infra = InfraMode.Embedded,
        LackedDocker = true,
        ShownNotes = "beef",
        Shared = ["redis"],
        Untranslated = 2,
        UntranslatedInApps = 1,
        Embedded =
        [
            new RecordedService("postgres", "p-postgres", 5533, null) { ServedBy = "pg", Serves = [5533, 5534] },
            new RecordedService("loki", null, null, "needs Docker"),
        ],
        Containers =
        [
            new ExpectedContainer("postgres") { Label = "1", Networks = ["n"], Ports = ["5533/tcp"], MustRun = "it publishes port 5533", IsOneShot = true },
            new ExpectedContainer("loki"),
        ],
    };

    /// <summary>Whatever is added to the record must be read too, and the reader is written by hand.</summary>
    [Fact]
    public void Nothing_of_the_record_used_here_is_left_out() => Assert.All(
        typeof(InstanceRecord).GetProperties().Where(p => p.CanWrite), p => Assert.NotNull(p.GetValue(Record)));

    [Fact]
    public void A_record_is_read_back_whole()
    {
        var read = InstanceRecord.TryParse(Record.ToJson())!;

        Assert.Equal(Record.Ports.Assignments, read.Ports.Assignments);
        Assert.Equal((1, 1, "shipsec-dev-1", "cafe"), (read.Version, read.Ports.Instance, read.Project, read.AppliedModel));
        Assert.Equal(Record.Services, read.Services);
        Assert.Equal(Record.Subnets!.Assignments, read.Subnets!.Assignments);
        Assert.Equal(Record.Footprint!.Ports, read.Footprint!.Ports);
        Assert.Equal(Record.Files, read.Files);
        Assert.Equal(Record.MadeFrom, read.MadeFrom);
        Assert.Equal((Record.Kept["backend.env"].MadeFrom["backend/.env"], "d1ff"), (read.Kept["backend.env"].MadeFrom["backend/.env"], read.Kept["backend.env"].Shown));
        Assert.Equal(Record.ToJson(), read.ToJson());
    }

    [Fact]
    public void A_record_of_an_instance_that_never_ran_is_read_back() =>
        Assert.Null(InstanceRecord.TryParse((Record with { AppliedModel = null }).ToJson())!.AppliedModel);

    [Fact]
    public void Every_cut_of_a_record_is_damaged()
    {
        var json = Record.ToJson().TrimEnd();

        Assert.All(Enumerable.Range(0, json.Length), length => Assert.Null(InstanceRecord.TryParse(json[..length])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"version":1,"project":"p","ports":{"instance":1,"assignments":[]},"services":[]}""")]
    [InlineData("""{"version":1,"project":null,"ports":{"instance":1,"assignments":[]},"services":[],"files":{},"sources":""}""")]
    [InlineData("""{"version":1,"project":"p","ports":null,"services":[],"files":{},"sources":""}""")]
    [InlineData("""{"version":1,"project":"p","ports":{"instance":1},"services":[],"files":{},"sources":""}""")]
    [InlineData("""{"version":1,"project":"p","ports":{"instance":1,"assignments":null},"services":[],"files":{},"sources":""}""")]
    [InlineData("""{"version":1,"project":"p","ports":{"instance":1,"assignments":[{"name":"A"}]},"services":[],"files":{},"sources":""}""")]
    [InlineData("""{"version":"1","project":"p","ports":{"instance":1,"assignments":[]},"services":[],"files":{},"sources":""}""")]
    public void Damaged_text_is_no_record(string json) => Assert.Null(InstanceRecord.TryParse(json));

    [Fact]
    public void The_smallest_whole_record_is_one() => Assert.NotNull(InstanceRecord.TryParse(
        """{"version":1,"project":"p","ports":{"instance":1,"assignments":[]},"services":[],"files":{},"sources":""}"""));

    [Fact]
    public void A_record_of_the_days_of_one_hash_for_all_sources_is_read() =>
        Assert.Empty(InstanceRecord.TryParse(
            """{"version":1,"project":"p","ports":{"instance":1,"assignments":[]},"services":[],"files":{},"sources":"beef"}""")!.MadeFrom);

    [Fact]
    public void A_record_of_another_version_is_none()
    {
        Assert.Null(InstanceRecord.TryParse((Record with { Version = 2 }).ToJson()));
        Assert.Null(InstanceRecord.TryParse((Record with { Version = 0 }).ToJson()));
    }

    [Fact]
    public void What_a_later_program_added_is_passed_over() =>
        Assert.NotNull(InstanceRecord.TryParse(Record.ToJson().Replace("{\n  \"version\"", "{\n  \"news\": {},\n  \"version\"", StringComparison.Ordinal)));
}
