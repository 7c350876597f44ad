using CsCheck;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Starting;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Starting;

public sealed class ServiceStageTests
{
    private static readonly string[] Conditions = [ServiceGate.Started, ServiceGate.Healthy, ServiceGate.Completed];

    /// <summary>Services in an order without circles: each depends on earlier ones only.</summary>
    private static readonly Gen<List<ComposeService>> Models =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 2]).Array[0, 6].Array[1, 9].Select(all => all.Select((dependencies, i) => Service(
            $"s{i}", [.. dependencies.Where(_ => i > 0).Select(d => ($"s{d.Item1 % i}", Conditions[d.Item2])).DistinctBy(d => d.Item1)])).ToList());

    [Fact]
    public void The_sample_goes_in_three_stages() => Assert.Equal(
        """
        postgres minio ui <-
        temporal temporal-ui <- postgres:service_healthy
        minio-init <- minio:service_healthy
        """,
        Print(ServiceStage.Of(
        [
            Service("postgres"), Service("temporal", ("postgres", ServiceGate.Healthy)), Service("temporal-ui", ("temporal", ServiceGate.Started)),
            Service("minio"), Service("minio-init", ("minio", ServiceGate.Healthy)), Service("ui", ("minio", ServiceGate.Started)),
        ],
        ["postgres", "temporal", "temporal-ui", "minio", "minio-init", "ui"])));

    [Fact]
    public void What_only_looks_at_others_forms_stages_of_its_own()
    {
        List<ComposeService> model =
        [
            Service("postgres"), Published(Service("temporal", ("postgres", ServiceGate.Healthy))), Published(Service("ui", ("temporal", ServiceGate.Started))),
            Service("init", ("postgres", ServiceGate.Healthy)), Published(Service("console", ("postgres", ServiceGate.Started))), Published(Service("mail")),
        ];
        var later = ServiceStage.FindLater(model, [FakeStart.App("backend", new AppNeed("temporal", 7233))]);

        Assert.Equal(["console", "ui"], later.Order());
        Assert.Equal(
            """
            postgres mail <-
            console <- postgres:service_started
            temporal init <- postgres:service_healthy
            ui <- postgres:service_healthy temporal:service_started
            """, Print(ServiceStage.Of(model, [.. model.Select(s => s.Name)], later)));
        Assert.Equal(["ui"], ServiceStage.FindLater(model, [FakeStart.App("backend", new AppNeed("console", 80))]));
        Assert.Empty(ServiceStage.FindLater(model, []));
        Assert.Equal("a b <-", Print(ServiceStage.Of([Service("a"), Service("b", ("a", ServiceGate.Started))], ["a", "b"], new HashSet<string> { "b" })));

        static ComposeService Published(ComposeService service) => service with { Ports = [new PublishedPort(service.Name, 80, 8080)] };
    }

    [Fact]
    public void Whoever_waits_for_two_that_wait_differently_comes_after_both() => Assert.Equal(
        """
        a b <-
        c <- a:service_healthy
        d <- b:service_healthy
        e <- a:service_healthy b:service_healthy c:service_started d:service_started
        """,
        Print(ServiceStage.Of(
        [
            Service("a"), Service("b"), Service("c", ("a", ServiceGate.Healthy)), Service("d", ("b", ServiceGate.Healthy)),
            Service("e", ("c", ServiceGate.Started), ("d", ServiceGate.Started)),
        ],
        ["a", "b", "c", "d", "e"])));

    [Fact]
    public void An_optional_dependency_or_a_circle_leaves_the_order_to_Compose()
    {
        var optional = Service("b", ("a", ServiceGate.Healthy)) with { HasOptionalDependency = true };
        Assert.Equal("a b <-", Print(ServiceStage.Of([Service("a"), optional], ["a", "b"])));
        Assert.Equal("a b <-", Print(ServiceStage.Of(
            [Service("a", ("b", ServiceGate.Healthy)), Service("b", ("a", ServiceGate.Healthy))], ["a", "b"])));
    }

    [Fact]
    public void Every_service_is_in_one_stage_and_stages_wait_for_each_other_in_no_circle() => Models.Sample(model =>
    {
        var wanted = model.Select(s => s.Name).ToList();
        var stages = ServiceStage.Of(model, wanted);

        var started = new HashSet<string>();
        for (var pending = stages.ToList(); pending.Count > 0;)
        {
            var next = pending.FindAll(s => s.Gates.All(g => started.Contains(g.Service)));
            if (next.Count == 0)
                return false;
            pending = [.. pending.Except(next)];
            started.UnionWith(next.SelectMany(s => s.Services));
        }

        return stages.SelectMany(s => s.Services).Order().SequenceEqual(wanted.Order());
    });

    [Fact]
    public void What_a_service_depends_on_is_in_its_stage_or_a_gate_of_it() => Models.Sample(model =>
    {
        var stages = ServiceStage.Of(model, [.. model.Select(s => s.Name)]);
        return stages.All(stage => stage.Services.All(name => model.Single(s => s.Name == name).DependsOn.All(d =>
            stage.Gates.Any(g => g.Service == d.Key && (g.Condition == d.Value || d.Value == ServiceGate.Started))
            || (d.Value == ServiceGate.Started && stage.Services.Contains(d.Key)))));
    });

    [Theory]
    [InlineData(ServiceGate.Healthy, ContainerState.Running, ContainerHealth.Healthy, 0, true, false)]
    [InlineData(ServiceGate.Healthy, ContainerState.Running, ContainerHealth.Starting, 0, false, false)]
    [InlineData(ServiceGate.Healthy, ContainerState.Running, ContainerHealth.Unhealthy, 0, false, true)]
    [InlineData(ServiceGate.Healthy, ContainerState.Exited, ContainerHealth.None, 1, false, true)]
    [InlineData(ServiceGate.Completed, ContainerState.Running, ContainerHealth.None, 0, false, false)]
    [InlineData(ServiceGate.Completed, ContainerState.Exited, ContainerHealth.None, 0, true, false)]
    [InlineData(ServiceGate.Completed, ContainerState.Exited, ContainerHealth.None, 2, false, true)]
    [InlineData(ServiceGate.Started, ContainerState.Running, ContainerHealth.None, 0, true, false)]
    [InlineData(ServiceGate.Started, ContainerState.Created, ContainerHealth.None, 0, false, false)]
    public void A_gate_opens_by_its_condition(
        string condition, ContainerState state, ContainerHealth health, int exitCode, bool isMet, bool isHopeless)
    {
        var container = new ObservedContainer
        {
            Id = "1", Name = "a", Service = "a", State = state, Health = health, ExitCode = exitCode, StaysEnded = true,
        };
        var gate = new ServiceGate("a", condition);

        Assert.Equal((isMet, isHopeless), (gate.IsMet(container), gate.CannotBeMet(container)));
        Assert.Equal((false, false), (gate.IsMet(null), gate.CannotBeMet(null)));
    }

    private static ComposeService Service(string name, params (string Service, string Condition)[] dependencies) => new()
    {
        Name = name, DependsOn = dependencies.ToDictionary(d => d.Service, d => d.Condition),
    };

    private static string Print(IReadOnlyList<ServiceStage> stages) => string.Join('\n', stages.Select(s =>
        $"{string.Join(' ', s.Services)} <- {string.Join(' ', s.Gates.Select(g => $"{g.Service}:{g.Condition}"))}".TrimEnd()));
}
