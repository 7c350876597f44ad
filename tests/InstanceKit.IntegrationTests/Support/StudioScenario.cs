using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A test on three running instances of the sample workspace.</summary>
[Collection(nameof(ThreeInstances))]
public abstract class StudioScenario(StudioFixture studio) : IAsyncLifetime
{
    /// <summary>The instances.</summary>
    protected StudioFixture Studio { get; } = studio;

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => await Studio.UpAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Studio.KeepWhenFailedAsync();
        GC.SuppressFinalize(this);
    }
}
