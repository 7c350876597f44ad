using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>Whole override files of instance 1, as people will see them.</summary>
public sealed class ComposeOverrideSnapshots
{
    [Fact]
    public void Studio() => Snapshot.Verify(Written(RecordedCompose.Model("studio"), Tests.Studio.Spec(1)), "yml");

    [Fact]
    public void Ties() => Snapshot.Verify(Written(RecordedCompose.Model("ties"), Tests.Studio.SpecOnHost(1)), "yml");

    [Fact]
    public void OtherAddress() => Snapshot.Verify(
        Written(
            RecordedCompose.Model("ties") with { Services = [RecordedCompose.Model("ties").Services.Single(s => s.Name == "dns")] },
            new InstanceSpec(Tests.Studio.Stack with { BindAddress = "::1" }, "/home/dev/$studio ${x}", 1)),
        "yml");

    private static string Written(ComposeModel model, InstanceSpec spec) => ComposeOverrideWriter.Write(
        ComposeOverride.Create(model, spec, PortPlanner.Plan(spec.Stack, model.Ports, spec.Number)), spec.Project);
}
