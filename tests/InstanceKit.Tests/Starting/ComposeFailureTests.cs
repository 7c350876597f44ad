using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Starting;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>Each way in which <c>docker compose up</c> fails, in the words that it prints.</summary>
public sealed class ComposeFailureTests : IFailureFacts
{
    private readonly List<ObservedContainer> _containers = [];
    private HashSet<string> _absent = [];
    private string? _owner = "container redis (0123456789ab)";
    private Func<CancellationToken, Task> _at = _ => Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Error response from daemon: driver failed: Bind for 127.0.0.1:6479 failed: port is already allocated")]
    [InlineData("Error starting userland proxy: listen tcp4 127.0.0.1:6479: bind: address already in use")]
    [InlineData("Ports are not available: exposing port TCP 127.0.0.1:6479 -> 0.0.0.0:0: listen tcp: ports are not available: exposing port TCP 127.0.0.1:6479")]
    public async Task A_taken_port_is_named_with_who_needs_it_and_who_has_it(string words)
    {
        var error = await ExplainAsync(words);

        Assert.Equal(ExitCode.PortTaken, error.ExitCode);
        Assert.Equal("Instance 1 can't start: port 6479 (REDIS, service redis) is already in use by container redis (0123456789ab).", error.Message);
        _owner = null;
        Assert.Contains("in use by a process that has since exited", (await ExplainAsync(words)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_that_failed_is_named_with_its_last_lines()
    {
        const string words = "dependency failed to start: container p-db-1 is unhealthy";
        var error = await ExplainAsync(words);
        Assert.Equal("Instance 1 is not ready: container p-db-1 is unhealthy, and other services depend on it.\n  container p-db-1 wrote nothing.", error.Message);

        _containers.Add(Container("db"));
        error = await ExplainAsync(words);

        Assert.Equal(
            (ExitCode.NotReady, "Instance 1 is not ready: service db is unhealthy, and other services depend on it.\n  Last lines of service db:\n    last words of p-db-1"),
            (error.ExitCode, error.Message));
        Assert.EndsWith("Logs --instance 1 --only db", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_are_not_there_are_all_named_with_their_services()
    {
        _absent = ["cache:1"];
        var error = await ExplainAsync("manifest unknown");

        Assert.Equal(ExitCode.Prerequisite, Assert.IsType<MissingImagesException>(error).ExitCode);
        Assert.Equal(
            "Instance 1 needs an image that can neither be pulled nor found on this machine:\n  cache:1 (service cache, more)\nOutput of Compose:\n    manifest unknown",
            error.Message);
    }

    [Fact]
    public async Task A_refused_limit_is_explained_with_the_service_that_it_is_of()
    {
        const string words = "error setting rlimit type 7: operation not permitted";
        Assert.Contains("ulimit 'nofile' to the value", (await ExplainAsync(words)).Remedy, StringComparison.Ordinal);

        _containers.Add(Container("db") with { Error = words });
        Assert.Contains("ulimit 'nofile' of service db to the value", (await ExplainAsync(words)).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("could not find an available, non-overlapping IPv4 address pool", "no address range left")]
    [InlineData("something else", "See the output above")]
    public async Task Anything_else_is_a_command_that_failed(string words, string remedy)
    {
        var error = Assert.IsType<CommandFailedException>(await ExplainAsync(words));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    public static TheoryData<string> Questions =>
        ["Bind for 127.0.0.1:6479 failed: port is already allocated", "dependency failed to start: container p-db-1 is unhealthy", "something else"];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task An_engine_that_fails_meanwhile_is_the_error(string words)
    {
        _at = _ => Task.FromException(new NoAnswerException("The engine is gone.", "Start it."));
        Assert.Equal("The engine is gone.", (await Assert.ThrowsAsync<NoAnswerException>(() => ExplainAsync(words))).Message);
        _at = _ => Task.FromException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => ExplainAsync(words));
        using var interrupted = new CancellationTokenSource();
        _at = async c =>
        {
            await interrupted.CancelAsync();
            c.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExplainAsync(words, interrupted.Token));
    }

    async Task<IReadOnlyList<ObservedContainer>> IFailureFacts.ListAsync(CancellationToken cancellation)
    {
        await _at(cancellation);
        return _containers;
    }

    async Task<IReadOnlyList<string>> IFailureFacts.TailAsync(string container, CancellationToken cancellation)
    {
        await _at(cancellation);
        return [$"last words of {container}"];
    }

    async Task<IReadOnlySet<string>> IFailureFacts.FindAbsentImagesAsync(IEnumerable<string> images, CancellationToken cancellation)
    {
        await _at(cancellation);
        return images.Where(_absent.Contains).ToHashSet();
    }

    async Task<string?> IFailureFacts.FindOwnerAsync(int port, CancellationToken cancellation)
    {
        await _at(cancellation);
        return _owner;
    }

    private Task<InstanceKitException> ExplainAsync(string words, CancellationToken? cancellation = null) => new ComposeFailure(NextCommand.Default, this, new InstancePlan
    {
        Spec = Studio.Spec(1), Ports = Studio.Ports(1), Files = [], Apps = [], Notes = [],
        Model = new ComposeModel("p", [new ComposeService { Name = "cache", Image = "cache:1" }, new ComposeService { Name = "more", Image = "cache:1" }], [], [], ""),
    }).ExplainAsync(new ProcessResult(1, "", words), cancellation ?? Token);

    private static ObservedContainer Container(string service) => new() { Id = $"p-{service}-1", Name = $"p-{service}-1", Service = service, State = ContainerState.Exited };
}
