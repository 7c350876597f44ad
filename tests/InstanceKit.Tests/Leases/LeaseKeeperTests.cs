using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Leases;

/// <summary>Claims and releases in a registry of the test's own, with an engine that does not answer.</summary>
public sealed class LeaseKeeperTests : IDisposable, IProgress<InstanceEvent>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-keeper-").FullName;
    private readonly FakeClock _clock = new();

    public LeaseKeeperTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "w"));
        Directory.CreateDirectory(Path.Combine(_folder, "other"));
    }

    private string Workspace => Path.Combine(_folder, "w");

    private LeaseStore Registry => new(Path.Combine(_folder, "state"));

    private IReadOnlyList<Lease> Leases => Registry.Read(out _)?.Leases ?? [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_claim_holds_the_ports_and_is_found_again()
    {
        var keeper = await ClaimAsync(Mine(3));

        var lease = Assert.Single(Leases);
        Assert.Equal((Workspace, "shipsec-dev-3", 3, _clock.GetUtcNow()), (lease.Workspace, lease.Project, lease.Number, lease.Created));
        Assert.Equal(Studio.Ports(3).Assignments.Count, lease.Footprint.Ports.Count);
        Assert.Equal(lease.Footprint.Ports, keeper.FindOwn(Mine(3))!.Footprint.Ports);
        Assert.Equal([3], keeper.ListNumbers());
    }

    [Fact]
    public async Task What_one_owns_is_claimed_again_without_waiting_for_anybody()
    {
        await ClaimAsync(Mine(3));
        using var turn = await Registry.TakeTurnAsync(Token);

        await ClaimAsync(Mine(3));
    }

    [Fact]
    public async Task A_dry_run_claims_and_writes_nothing()
    {
        var keeper = await ClaimAsync(Mine(3), dryRun: true);

        Assert.False(Directory.Exists(Path.Combine(_folder, "state")));
        Assert.NotNull(keeper.FindOwn(Mine(3)));
    }

    [Fact]
    public async Task An_instance_of_another_checkout_is_refused_with_the_lowest_free_number()
    {
        await ClaimAsync(Theirs(0));
        await ClaimAsync(Theirs(1));

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => ClaimAsync(Mine(1)));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(
            $"Instance 1 (project shipsec-dev-1) is in use by another checkout: it belongs to {Path.Combine(_folder, "other")}.", error.Message);
        Assert.StartsWith("The lowest free number is 2;", error.Remedy, StringComparison.Ordinal);
        Assert.All(Leases, l => Assert.EndsWith("/other", l.Workspace, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_of_another_stack_is_refused_by_name()
    {
        await ClaimAsync(Theirs(3) with { Stack = Studio.Stack with { Name = "rival" } });

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => ClaimAsync(Mine(3)));

        Assert.Contains($"conflicts with instance 3 of {Path.Combine(_folder, "other")} (project rival-dev-3): both would use port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_registry_is_set_aside_and_made_again()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Registry.FilePath)!);
        await File.WriteAllTextAsync(Registry.FilePath, "[null]", Token);
        var progress = new InstanceProgress(3, this);

        await Keeper(Mine(3)).ClaimAsync(Plan(Mine(3)), () => throw new InvalidOperationException("no engine, no question"), progress, Token);

        Assert.Equal("[null]", await File.ReadAllTextAsync(Registry.FilePath + ".damaged", Token));
        Assert.Equal(3, Assert.Single(Leases).Number);
        Assert.Contains("was damaged", Assert.Single(progress.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_the_registry_can_be_interrupted_and_has_claimed_nothing()
    {
        using var turn = await Registry.TakeTurnAsync(Token);
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var keeper = Keeper(Mine(3));
        var claim = keeper.ClaimAsync(Plan(Mine(3)), () => Task.FromResult(false), new InstanceProgress(3, this), user.Token);

        await user.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim);
        Assert.Empty(Leases);
        Assert.Null(keeper.FindOwn(Mine(3)));
    }

    [Fact]
    public async Task A_registry_that_can_not_be_written_refuses_the_claim()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "state"), "", Token);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => ClaimAsync(Mine(3)));

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.StartsWith("The registry of instances can't be used:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_an_instance_is_remembered_and_Compose_is_never_forgotten_by_that()
    {
        var keeper = await ClaimAsync(Mine(3));

        await keeper.RememberRuntimeAsync(Mine(3), "/home/me/.pm2", InfraMode.Compose, Token);
        await keeper.RememberRuntimeAsync(Mine(3), "/home/me/.pm2", InfraMode.Embedded, Token);
        Assert.Equal(("/home/me/.pm2", InfraMode.Compose), (Leases[0].Pm2Home, Leases[0].Infra));

        await keeper.ForgetInfraAsync(Mine(3), Token);
        Assert.Null(Leases[0].Infra);
    }

    [Fact]
    public async Task A_release_is_only_of_one_s_own()
    {
        await ClaimAsync(Theirs(1));
        await ClaimAsync(Mine(3));
        var keeper = await ClaimAsync(Mine(4));

        await keeper.ReleaseAsync(Mine(3), Token);
        await keeper.ReleaseAsync(Mine(1), Token);

        Assert.Equal([1, 4], Leases.Select(l => l.Number).Order());
    }

    [Fact]
    public async Task What_belongs_to_another_checkout_is_not_taken_down()
    {
        await ClaimAsync(Theirs(1));
        var keeper = Keeper(Mine(1));

        keeper.RequireNotOthers(Mine(3));
        var error = Assert.Throws<InstanceKitException>(() => keeper.RequireNotOthers(Mine(1)));

        Assert.Contains("is in use by another checkout", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Run the command there.", error.Remedy, StringComparison.Ordinal);
    }

    void IProgress<InstanceEvent>.Report(InstanceEvent value)
    {
        // The notes are kept by InstanceProgress.
    }

    private InstanceSpec Mine(int number) => new(Studio.Stack, Workspace, number);

    private InstanceSpec Theirs(int number) => new(Studio.Stack, Path.Combine(_folder, "other"), number);

    private async Task<LeaseKeeper> ClaimAsync(InstanceSpec spec, bool dryRun = false)
    {
        var keeper = Keeper(spec, dryRun);
        await keeper.ClaimAsync(Plan(spec), () => Task.FromResult(false), new InstanceProgress(spec.Number, this), Token);
        return keeper;
    }

    private LeaseKeeper Keeper(InstanceSpec spec, bool dryRun = false) => new(
        new ManagerOptions { Workspace = spec.Workspace, ToolsDirectory = "/tools", DryRun = dryRun }, spec.Workspace, spec.Stack, new InstanceStore(spec.Workspace), Registry,
        new ComposeModels(new ComposeModelStore(spec.Workspace), isReadOnly: true),
        new Lazy<EngineClient>(() => new EngineClient(FakeServer.EndpointOf("/nowhere/docker.sock"), _clock)), _clock);

    private static InstancePlan Plan(InstanceSpec spec) => new()
    {
        Spec = spec, Ports = Studio.Ports(spec.Number), Files = [], Apps = [], Notes = [], Model = new ComposeModel(spec.Project, [], [], [], ""),
    };
}
