using CsCheck;
using InstanceKit.Models;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class StackFileWriterTests
{
    private static readonly PublishedPort[] Published =
    [
        new("db", 5432, 5432), new("mail", 25, 1025), new("mail", 8025, 8025), new("dns", 53, 5353, "udp"), new("any", 80, null),
    ];

    private static readonly StackDefinition Strange = new()
    {
        Name = "acme", ConfigPrefix = "acme", ComposeFiles = ["docker/compose.yaml", "docker/compose.override.yaml"],
        Pm2Config = "ecosystem.config.cjs", Variables = [new("INSTANCEKIT_INSTANCE", "{instance}")],
        Ports = [new("WEB", "web", 3000, new PortOwner(OwnerKind.App, "web"), "http")],
        Apps =
        [
            new AppDefinition { Name = "web", Directory = "apps/web", PortName = "WEB", ConfigName = "acme-web-{instance}", MayLackEnvFile = true },
            new AppDefinition { Name = "jobs", Directory = ".", ConfigName = "jobs", MayLackEnvFile = true },
        ],
    };

    [Fact]
    public void A_strange_workspace() => Snapshot.Verify(StackFileWriter.Write(Strange, Published), "yml");

    [Fact]
    public void A_workspace_without_apps() => Snapshot.Verify(
        StackFileWriter.Write(Strange with { Apps = [], Ports = [], Pm2Config = null, Variables = [] }, []), "yml");

    [Fact]
    public void What_is_written_is_read_as_the_same_stack() => RequireSame(Strange, Published);

    [Fact]
    public void Studio_too() => RequireSame(Studio.Stack, []);

    [Fact]
    public void Whatever_things_are_called() =>
        Gen.Select(Gen.OneOf<string>("a b", "true", "\"q\"", "x: y", "#z", "-", "a\\b", "ü", "{instance}", "null", "1"), Gen.String[Gen.Char[' ', '~'], 1, 8])
            .Sample((odd, any) => RequireSame(
                Strange with { Variables = [new("A", odd), new("B", any.Replace('{', '('))], ComposeFiles = [$"x/{odd.Replace('\\', '_')}.yml"] },
                Published), iter: 200);

    private static void RequireSame(StackDefinition stack, PublishedPort[] published)
    {
        var read = StackFileReader.Read(StackFileWriter.Write(stack, published)).ApplyTo(stack);

        Assert.Equal((stack.Name, stack.PortStride, stack.BindAddress, stack.Pm2Config), (read.Name, read.PortStride, read.BindAddress, read.Pm2Config));
        Assert.Equal(stack.ComposeFiles, read.ComposeFiles);
        Assert.Equal(stack.Variables, read.Variables);
        Assert.Equal(
            stack.Apps.Select(a => $"{a.Name} {a.Directory} {a.PortName} {a.ConfigName} {a.WaitsForServices} {string.Join(',', a.Variables)}"),
            read.Apps.Select(a => $"{a.Name} {a.Directory} {a.PortName} {a.ConfigName} {a.WaitsForServices} {string.Join(',', a.Variables)}"));
        Assert.All(stack.Ports, p => Assert.Contains(read.Ports, r => (r.Name, r.BasePort, r.Owner, r.Scheme, r.TargetPort, r.Label)
            == (p.Name, p.BasePort, p.Owner, p.Scheme, p.TargetPort, p.Label)));
        Assert.All(published.Where(p => p.BasePort is not null), p => Assert.Contains(read.Ports, r => r.BasePort == p.BasePort && r.Owner.Name == p.Service));
    }
}
