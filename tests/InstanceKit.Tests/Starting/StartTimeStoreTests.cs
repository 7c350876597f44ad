using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Starting;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>How long services took, from one start to the next.</summary>
public sealed class StartTimeStoreTests : IDisposable
{
    private readonly DirectoryInfo _workspace = Directory.CreateTempSubdirectory("ik-times-");
    private readonly InstancePaths _paths;
    private readonly StartTimeStore _store;

    public StartTimeStoreTests()
    {
        _paths = new InstancePaths(_workspace.FullName, 1);
        _store = new StartTimeStore(_paths);
    }

    public void Dispose() => _workspace.Delete(recursive: true);

    [Fact]
    public void Times_are_kept_for_all_instances_of_the_workspace()
    {
        Directory.CreateDirectory(_paths.Root);
        _store.Keep(new Dictionary<string, TimeSpan> { ["loki"] = TimeSpan.FromSeconds(15), ["redis"] = TimeSpan.FromSeconds(1) });
        new StartTimeStore(new InstancePaths(_workspace.FullName, 2)).Keep(new Dictionary<string, TimeSpan> { ["redis"] = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(new Dictionary<string, int> { ["loki"] = 15_000, ["redis"] = 300 }, _store.Read());
    }

    [Fact]
    public void Nothing_is_written_where_no_instance_is_and_what_is_damaged_does_not_count()
    {
        _store.Keep(new Dictionary<string, TimeSpan> { ["loki"] = TimeSpan.FromSeconds(15) });
        Assert.Empty(_workspace.EnumerateFileSystemInfos());

        Directory.CreateDirectory(_paths.Cache);
        File.WriteAllText(Path.Combine(_paths.Cache, "start-times"), "loki\nredis much\npostgres -3\nminio 99999999999\ntemporal 2000\n");
        Assert.Equal(new Dictionary<string, int> { ["temporal"] = 2000 }, _store.Read());
    }

    [Fact]
    public async Task A_start_measures_the_services_that_it_starts()
    {
        var start = new FakeStart { Services = [FakeStart.Service("redis"), FakeStart.Service("postgres")] };
        start.Set("postgres");
        start.Containers["postgres"] = start.Containers["postgres"] with { StartedAt = start.Clock.GetUtcNow() - TimeSpan.FromHours(1) };
        start.Then(() =>
        {
            start.Set("redis", health: ContainerHealth.Starting);
            start.Containers["redis"] = start.Containers["redis"] with { StartedAt = start.Clock.GetUtcNow() };
            start.Clock.Advance(TimeSpan.FromSeconds(2));
        }).Then(() => start.Containers["redis"] = start.Containers["redis"] with { Health = ContainerHealth.Healthy });

        await start.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("redis", TimeSpan.FromSeconds(2)), (Assert.Single(start.Sequence!.Times).Key, start.Sequence.Times["redis"]));
    }
}
