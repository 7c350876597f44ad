using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class ConfigCopyTests
{
    private const string Routes = """
        server {
          listen 80;
          location / { proxy_pass http://host.docker.internal:5173; }
          location /api/ { proxy_pass http://host.docker.internal:3211; }
        }

        """;

    private static readonly ComposeModel Model = new(
        "shipsec-dev-1",
        [
            new ComposeService
            {
                Name = "nginx",
                Ports = [new PublishedPort("nginx", 80, 8088)],
                Mounts =
                [
                    new ComposeMount("bind", "/home/dev/studio/docker/nginx/conf.d", "/etc/nginx/conf.d", true),
                    new ComposeMount("bind", "/home/dev/studio/docker/start.sh", "/start.sh", false),
                ],
            },
        ],
        [], [], "");

    private static readonly Dictionary<string, ConfigSource> NoEntries = [];

    private static readonly ConfigSource[] Sources =
    [
        new("nginx", "/etc/nginx/conf.d/default.conf", "docker/nginx/conf.d/default.conf", Routes, true, FileAudience.Containers),
        new("nginx", "/etc/nginx/conf.d/gzip.conf", "docker/nginx/conf.d/gzip.conf", "gzip on;\n", true, FileAudience.Containers),
        new("nginx", "/start.sh", "docker/start.sh", "#!/bin/sh\nexec serve http://host.docker.internal:3211\n", false, FileAudience.ContainersRun),
    ];

    [Fact]
    public void What_addresses_the_stack_is_copied_patched_and_mounted_from_there()
    {
        var plan = InstancePlanner.Create(Tests.Studio.Spec(1), Model, new Dictionary<string, EnvSource>(), configs: new ConfigSources(Sources, NoEntries));

        var copies = plan.Files.Where(f => f.Name.StartsWith("config/", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [
                ("config/nginx/etc/nginx/conf.d/default.conf", "docker/nginx/conf.d/default.conf", FileAudience.Containers),
                ("config/nginx/start.sh", "docker/start.sh", FileAudience.ContainersRun),
            ],
            copies.Select(f => (f.Name, f.Source, f.Audience)));
        Assert.Equal(
            Routes.Replace("5173", "5273", StringComparison.Ordinal).Replace("3211", "3311", StringComparison.Ordinal)
                .Replace("server {", "server { absolute_redirect off;", StringComparison.Ordinal),
            copies[0].Content);
        Snapshot.Verify(plan.Files.Single(f => f.Name.EndsWith(".yml", StringComparison.Ordinal)).Content, "yml");
    }

    [Fact]
    public void Instance_0_mounts_the_workspaces_own_files()
    {
        var plan = InstancePlanner.Create(Tests.Studio.Spec(0), Model, new Dictionary<string, EnvSource>(), configs: new ConfigSources(Sources, NoEntries));

        Assert.DoesNotContain(plan.Files, f => f.Name.StartsWith("config/", StringComparison.Ordinal));
        Assert.DoesNotContain("volumes:", plan.Files.Single(f => f.Name.EndsWith(".yml", StringComparison.Ordinal)).Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_the_text_changes_the_container()
    {
        string Override(string text) => InstancePlanner.Create(
            Tests.Studio.Spec(1), Model, new Dictionary<string, EnvSource>(), configs: new ConfigSources([Sources[0] with { Text = text }], NoEntries)).Files[^1].Content;

        Assert.NotEqual(Override(Routes), Override(Routes + "# more\n"));
    }
}
