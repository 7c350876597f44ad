using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>
/// Three instances of the sample workspace, brought up by one command when a test first needs them, and again after a
/// test that took some of them down.
/// </summary>
public sealed class StudioFixture : IAsyncDisposable
{
    private const double Seconds = 240;
    private StudioWorkspace? _workspace;
    private bool _isUp;
    private bool _isBroken;

    /// <summary>The workspace.</summary>
    internal StudioWorkspace Workspace => _workspace ?? throw new InvalidOperationException("UpAsync comes first.");

    /// <summary>The instances.</summary>
    internal IReadOnlyList<TestInstance> All { get; private set; } = [];

    /// <summary>The first instance.</summary>
    internal TestInstance A => All[0];

    /// <summary>The second instance.</summary>
    internal TestInstance B => All[1];

    /// <summary>The third instance.</summary>
    internal TestInstance C => All[2];

    /// <summary>The three numbers, as <c>--instance</c> takes them.</summary>
    internal string Numbers => string.Join(',', All.Select(i => i.Number));

    /// <summary>
    /// What a careless shell has set when the instances are started: another project and compose file, and the addresses
    /// of the first instance.
    /// </summary>
    internal IReadOnlyDictionary<string, string> HostileVariables => new Dictionary<string, string>
    {
        ["COMPOSE_PROJECT_NAME"] = "somebody-elses",
        ["COMPOSE_FILE"] = "/nowhere/compose.yml",
        ["COMPOSE_PROFILES"] = "nonsense",
        ["DATABASE_URL"] = $"postgresql://shipsec:shipsec@localhost:{A.Port(5433)}/shipsec",
        ["TERMINAL_REDIS_URL"] = $"redis://localhost:{A.Port(6379)}",
        ["LOG_KAFKA_BROKERS"] = $"localhost:{A.Port(9092)}",
        ["PORT"] = "9",
        ["VITE_PORT"] = "9",
        ["POSTGRES_PORT"] = "9",
        ["MINIO_PORT"] = "9",
        ["SHIPSEC_INSTANCE"] = "7",
        ["NODE_ENV"] = "production",
    };

    /// <summary>Sees to it that all three are up; after one failure, every later test fails at once.</summary>
    internal async Task UpAsync()
    {
        if (_isUp)
            return;
        Assert.False(_isBroken, "The three instances could not be brought up for an earlier test, which shows why.");
        if (_workspace is null)
        {
            _workspace = await StudioWorkspace.CreateAsync();
            All = [_workspace.TakeInstance(), _workspace.TakeInstance(), _workspace.TakeInstance()];
        }

        _isBroken = true;
        var environment = HostileVariables.ToDictionary(v => v.Key, v => (string?)v.Value);
        (await Workspace.RunAsync(environment, Seconds, "Up", "--instance", Numbers)).Expect(0);
        (_isUp, _isBroken) = (true, false);
    }

    /// <summary>Keeps what explains a failed test; nothing where the instances were never made.</summary>
    internal async Task KeepWhenFailedAsync()
    {
        if (_workspace is not null)
            await Artifacts.KeepWhenFailedAsync(_workspace);
    }

    /// <summary>Says that the test takes instances down, so that the next one brings them up again.</summary>
    internal void WillChange() => _isUp = false;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_workspace is not null)
            await _workspace.DisposeAsync();
    }
}

/// <summary>The tests that share the three instances.</summary>
[CollectionDefinition(nameof(ThreeInstances))]
[TestClassOrderer(typeof(ReadersFirst))]
public sealed class ThreeInstances : ICollectionFixture<StudioFixture>;
