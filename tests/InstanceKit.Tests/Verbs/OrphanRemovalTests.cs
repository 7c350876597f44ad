using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Tests.Fakes;
using InstanceKit.Verbs;
using Xunit;

namespace InstanceKit.Tests.Verbs;

/// <summary>What of an orphan is removed, and when nothing is.</summary>
public sealed class OrphanRemovalTests : IDisposable
{
    private const string Gone = "/gone/workspace";

    private readonly string _folder = Directory.CreateTempSubdirectory("ik-orphans-").FullName;
    private readonly Lease _lease;

    public OrphanRemovalTests()
    {
        _lease = new Lease
        {
            Workspace = Gone, Project = "p-dev-3", Stack = "p", Number = 3, Footprint = new InstanceFootprint(), Created = DateTimeOffset.UnixEpoch,
            Pm2Home = Path.Combine(_folder, "pm2"), MovedFrom = "/gone/before",
        };
        Store.Write(new LeaseBook([_lease, _lease with { Number = 4, Project = "p-dev-4" }]));
    }

    private LeaseStore Store => new(_folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_made_from_its_workspace_or_where_that_was_before_is_planned_with_the_size_of_its_data()
    {
        using var engine = new FakeServer(FakeServer.Saying(
            "HTTP/1.0 200 OK\r\n\r\n{\"Volumes\":[{\"Name\":\"p-dev-3_data\",\"UsageData\":{\"Size\":2097152}}]}"));

        var report = await RunAsync(engine.Endpoint, Facts(InEngine), dryRun: true);

        Assert.Equal(Outcome.Planned, report.Outcome);
        Assert.Equal(
            [
                "remove container p-dev-3-redis-1: its workspace no longer exists", "remove network p-dev-3_net: its workspace no longer exists",
                "remove volume p-dev-3_data: 2 MiB of data; its workspace no longer exists", "release number 3: its workspace no longer exists",
            ],
            report.Plan.Operations.Select(o => o.ToString()));
        Assert.Equal([3, 4], Numbers);
    }

    [Fact]
    public async Task A_size_that_is_unknown_costs_only_the_size()
    {
        using var engine = new FakeServer(FakeServer.ClosedAsync);

        var report = await RunAsync(engine.Endpoint, Facts(InEngine), dryRun: true);

        Assert.Contains("remove volume p-dev-3_data: its workspace no longer exists", report.Plan.Operations.Select(o => o.ToString()));
    }

    [Fact]
    public async Task What_another_workspace_made_under_the_same_names_stays()
    {
        var report = await RunAsync(Nowhere, Facts(InEngine with
        {
            Containers = [new EngineThing("c1", "p-dev-3-redis-1", "/other/workspace")], Networks = [new EngineThing("n1", "p-dev-3_net")], Volumes = [],
        }), dryRun: false);

        Assert.Equal((Outcome.Done, null), (report.Outcome, report.Error));
        Assert.Equal(["release number 3: its workspace no longer exists"], report.Plan.Operations.Select(o => o.ToString()));
        Assert.Equal([4], Numbers);
    }

    [Theory]
    [InlineData(InfraMode.Compose, Outcome.Failed)]
    [InlineData(InfraMode.Embedded, Outcome.Done)]
    public async Task Without_an_engine_only_what_never_used_one_is_removed(InfraMode infra, Outcome outcome)
    {
        var report = await RunAsync(Nowhere, Facts(null), dryRun: false, infra);

        Assert.Equal((outcome, outcome is Outcome.Failed), (report.Outcome, Numbers.Contains(3)));
        Assert.Equal(outcome is Outcome.Failed ? ExitCode.Prerequisite : null, report.Error?.ExitCode);
    }

    [Fact]
    public async Task What_the_engine_does_not_remove_keeps_its_number()
    {
        using var engine = new FakeServer(FakeServer.ClosedAsync);

        var report = await RunAsync(engine.Endpoint, Facts(InEngine), dryRun: false, isSlow: true);

        Assert.Equal(Outcome.Failed, report.Outcome);
        Assert.Equal(4, report.Plan.Operations.Count);
        Assert.Equal([3, 4], Numbers);
    }

    [Fact]
    public async Task An_unexpected_exception_is_reported_too()
    {
        var report = await RunAsync(Nowhere, new MachineFacts { Now = default, Engine = [InEngine with { Containers = null! }] }, dryRun: false);

        Assert.Equal(Outcome.Failed, report.Outcome);
        Assert.StartsWith("Internal error: ", report.Error!.Message, StringComparison.Ordinal);
        Assert.Equal([3, 4], Numbers);
    }

    [Fact]
    public async Task After_a_cancellation_nothing_is_removed()
    {
        var report = await RunAsync(Nowhere, Facts(InEngine), dryRun: false, cancellation: new CancellationToken(canceled: true));

        Assert.Equal(Outcome.Interrupted, report.Outcome);
        Assert.Equal([3, 4], Numbers);
    }

    private static EngineInstance InEngine => new()
    {
        Project = "p-dev-3", Stack = "p", Number = 3,
        Containers = [new EngineThing("c1", "p-dev-3-redis-1", "/gone/before")],
        Networks = [new EngineThing("n1", "p-dev-3_net", Gone)],
        Volumes = [new EngineThing("v1", "p-dev-3_data")],
    };

    private static EngineEndpoint Nowhere => FakeServer.EndpointOf("/nowhere/docker.sock");

    private IEnumerable<int> Numbers => Store.Read(out _)!.Leases.Select(l => l.Number);

    private static MachineFacts Facts(EngineInstance? instance) => new() { Now = default, Engine = instance is null ? null : [instance] };

    private async Task<OperationReport> RunAsync(
        EngineEndpoint endpoint, MachineFacts facts, bool dryRun, InfraMode infra = InfraMode.Compose,
        CancellationToken? cancellation = null, bool isSlow = false)
    {
        var clock = new FakeClock();
        clock.OnWait = time =>
        {
            // Ask whether the engine answers at all.
            if (isSlow && time == TimeSpan.FromSeconds(5))
                ThreadPool.QueueUserWorkItem(_ => clock.Advance(time));
        };
        using var engine = new EngineClient(endpoint, clock);
        return await new OrphanRemoval(engine, new MachineApps("/tools"), Store).RunAsync(_lease with { Infra = infra }, facts, dryRun, cancellation ?? Token);
    }
}
