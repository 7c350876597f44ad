using System.Security.Cryptography;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Corpus;

/// <summary>Every case of the corpus that this machine has an image for, created twice at the same time, and started where that can fail.</summary>
/// <remarks>
/// Several cases are included into one project: their services and ports have different names and numbers for it. All at
/// once would be more containers than an engine on two processors starts in a minute, in which it hears nobody else.
/// </remarks>
public sealed class TwiceAtOnceTests : IAsyncDisposable
{
    private static readonly ComposeClient Compose = new();

    private readonly InstanceNumber[] _numbers = [InstanceNumber.Take(), InstanceNumber.Take()];
    private readonly StackDefinition _stack = CorpusStack.With(["compose.yml"]) with
    {
        Name = $"it{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}",
        ComposeProfiles = ["extra"],
    };

    private CorpusFolder? _folder;

    public static TheoryData<int, bool> Batches
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (var i = 0; i < CorpusFolder.Batches.Count; i++)
                data.Add(i, CorpusFolder.Batches[i].IsStarted);
            return data;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Every_case_fits_twice_on_one_engine(int batch, bool isStarted)
    {
        await TestEngine.RequireAsync();
        _folder = CorpusFolder.OfRunnable(batch);
        await File.WriteAllTextAsync(_folder.PathOf(".env"), "TOOLS_IMAGE=shipsec-build.local/tools:1\n", Cancellation);
        await File.WriteAllTextAsync(_folder.PathOf("compose.yml"), Including(_folder), Cancellation);

        var plans = await Task.WhenAll(_numbers.Select(n => StartAsync(new InstanceSpec(_stack, _folder.Root, n.Value), isStarted)));
        var first = await RequireContainersAsync(plans[0], isStarted);
        var second = await RequireContainersAsync(plans[1], isStarted);

        Assert.Empty(PortsOf(first).Intersect(PortsOf(second)));
        Assert.Empty(first.Select(c => c.Name).Intersect(second.Select(c => c.Name)));
        Assert.All(first.Concat(second).SelectMany(c => c.Bindings), b => Assert.Equal("127.0.0.1", b.Address));
        Assert.All(plans, p => Assert.Equal(
            p.Ports.Assignments.Where(a => a.Owner.Kind == OwnerKind.Service && p.Model.Services.Any(s => s.Name == a.Owner.Name) && a.Count == 1 && a.Protocol == "tcp")
                .Select(a => a.Port).Except(PublishedBy(p == plans[0] ? first : second)),
            []));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var number in _numbers)
        {
            using var claim = number;
            if (_folder is null)
                continue; // skipped: there is no engine to ask
            var project = _stack.ProjectOf(number.Value);
            // Nothing in them has to end well, and they would all wait for their ten seconds.
            if (await TestEngine.ContainersAsync(project) is { Count: > 0 } containers)
                await TestEngine.TryAsync(["kill", .. containers.Where(c => c.State == "running").Select(c => c.Id)]);
            await TakeDownAsync(project);
            await TestEngine.RemoveAsync(project);
        }

        _folder?.Dispose();
    }

    private static async Task TakeDownAsync(string project)
    {
        try
        {
            await Compose.DownAsync(project, withVolumes: true, TimeSpan.FromSeconds(1), _ => { }, CancellationToken.None);
        }
        catch (CommandFailedException e) when (e.Message.Contains("has active endpoints", StringComparison.Ordinal))
        {
            // When dozens of containers end at once, the engine now and then forgets one's endpoint, names it to nobody and
            // keeps the empty network until it is restarted.
            TestContext.Current.SendDiagnosticMessage(e.Message);
        }
    }

    /// <summary>A number may be one service's over TCP and another's over UDP.</summary>
    private static IEnumerable<(int Port, string Protocol)> PortsOf(IEnumerable<EngineContainer> containers) =>
        containers.SelectMany(c => c.Bindings).Select(b => (b.Port, b.Protocol));

    private static IEnumerable<int> PublishedBy(IEnumerable<EngineContainer> containers) => containers.SelectMany(c => c.Bindings).Select(b => b.Port);

    private static string Including(CorpusFolder folder) => "include:\n" + string.Concat(folder.Names.Select(n =>
        $"  - path: [{string.Join(", ", CorpusStack.Of(n, folder.PathOf(n)).ComposeFiles.Select(f => $"{n}/{f}"))}]\n"));

    private static async Task<InstancePlan> StartAsync(InstanceSpec spec, bool isStarted)
    {
        var model = ComposeModelReader.Read(await Compose.ReadModelAsync(spec, withOverride: false, Cancellation));
        var plan = InstancePlanner.Create(spec, model, new Dictionary<string, EnvSource>());
        foreach (var file in plan.Files)
            FileStore.Write(Path.Combine(spec.Paths.Directory, file.Name), file.Content);
        foreach (var data in plan.DataFolders)
            Directory.CreateDirectory(data);
        var merged = ComposeModelReader.Read(await Compose.ReadModelAsync(spec, withOverride: true, Cancellation));
        Assert.Empty(ComposeProof.FindTies(merged, spec, plan.Ports, plan.Model));

        var lines = new List<string>();
        void Keep(string line)
        {
            lock (lines)
                lines.Add(line);
        }

        var result = isStarted
            ? await Compose.UpAsync(spec, [], isAlone: false, ContainerRenewal.WhenChanged, Keep, Cancellation)
            : await Compose.CreateAsync(spec, [], ContainerRenewal.WhenChanged, Keep, Cancellation);
        Assert.True(result.Succeeded, string.Join('\n', lines.TakeLast(20).Append(result.StandardError)));
        return plan;
    }

    /// <summary>The instance's containers: each service has one that runs, or that has done what it was there for, or that was only to be created.</summary>
    private static async Task<IReadOnlyList<EngineContainer>> RequireContainersAsync(InstancePlan plan, bool isStarted)
    {
        var containers = await TestEngine.ContainersAsync(plan.Spec.Project);
        Assert.Equal(
            plan.Model.Services.Select(s => s.Name),
            containers.Select(c => c.Service).Distinct().Order(StringComparer.Ordinal));
        Assert.All(containers, c => Assert.True(c.State == (isStarted ? "running" : "created") || c.Service == "init-once", $"{c.Name} is {c.State}"));
        return containers;
    }
}
