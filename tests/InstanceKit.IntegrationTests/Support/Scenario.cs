using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A test with workspaces of its own: they are removed after it, and what explains a failure is kept.</summary>
public abstract class Scenario : IAsyncDisposable
{
    private readonly List<TestWorkspace> _workspaces = [];

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes a small workspace; nothing is run.</summary>
    private protected async Task<TinyWorkspace> CreateWorkspaceAsync(TinyStack? stack = null)
    {
        var workspace = await TinyWorkspace.CreateAsync(stack ?? new TinyStack());
        _workspaces.Add(workspace);
        return workspace;
    }

    /// <summary>Makes a small workspace whose services run as processes; nothing is run.</summary>
    private protected async Task<TinyWorkspace> CreateEmbeddedWorkspaceAsync(TinyStack stack) =>
        Remember(await TinyWorkspace.CreateEmbeddedAsync(stack));

    /// <summary>Has a workspace removed with the test.</summary>
    private protected T Remember<T>(T workspace)
        where T : TestWorkspace
    {
        _workspaces.Add(workspace);
        return workspace;
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var workspace in _workspaces)
        {
            try
            {
                await Artifacts.KeepWhenFailedAsync(workspace);
            }
            finally
            {
                await workspace.DisposeAsync();
            }
        }

        GC.SuppressFinalize(this);
    }
}
