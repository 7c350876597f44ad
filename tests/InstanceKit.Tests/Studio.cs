using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Tests;

/// <summary>Instances of ShipSec Studio's stack in a workspace that does not exist.</summary>
internal static class Studio
{
    /// <summary>The workspace's path.</summary>
    public const string Workspace = "/home/dev/studio";

    /// <summary>The stack.</summary>
    public static readonly StackDefinition Stack = StudioStack.Create();

    /// <summary>An instance.</summary>
    public static InstanceSpec Spec(int number) => new(Stack, Workspace, number);

    /// <summary>An instance of a stack that may have services on the host's network, and share data.</summary>
    public static InstanceSpec SpecOnHost(int number) => new(Stack with { AllowsHostNetwork = true, AllowsSharedData = true }, Workspace, number);

    /// <summary>An instance's ports, where the compose files publish no more than the stack names.</summary>
    public static PortPlan Ports(int number, params PublishedPort[] published) =>
        PortPlanner.Plan(Stack, published, number);

    /// <summary>An app of the stack.</summary>
    public static AppDefinition App(string name) => Stack.Apps.Single(a => a.Name == name);

    /// <summary>An app of an instance that needs no service.</summary>
    public static AppPlan AppPlan(int number, string name) => new()
    {
        Definition = App(name),
        ProcessName = Spec(number).ProcessNameOf(App(name)),
        Port = App(name).PortName is { } port ? Ports(number).PortOf(port) : null,
        Needs = [],
    };
}
