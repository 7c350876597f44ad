using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class ConfigEntryTests
{
    private static readonly ComposeModel Model = ComposeModelReader.Read(
        """
        {
          "name": "shipsec-dev-1",
          "services": {
            "proxy": {"configs": [{"source": "routes", "target": "/etc/routes"}, {"source": "inline"}], "secrets": [{"source": "key"}]},
            "loki": {"ports": [{"target": 3100, "published": "3100"}], "configs": [{"source": "both"}]},
            "other": {"configs": [{"source": "both"}], "volumes": [{"type": "bind", "source": "/x", "target": "/x", "bind": {"selinux": "Z"}}]}
          },
          "configs": {
            "routes": {"name": "x_routes", "file": "/home/dev/studio/docker/routes.conf"},
            "inline": {"name": "x_inline", "content": "api: http://host.docker.internal:3211/$${NAME}"},
            "both": {"name": "x_both", "content": "http://localhost:3100"},
            "unused": {"name": "x_unused", "content": "http://host.docker.internal:3211"},
            "foreign": {"name": "foreign", "external": true}
          },
          "secrets": {
            "key": {"name": "x_key", "file": "/home/dev/studio/docker/key"},
            "shell": {"name": "x_shell", "environment": "KEY"}
          }
        }
        """);

    private static readonly ConfigSources Sources = new([], new Dictionary<string, ConfigSource>
    {
        ["configs/routes"] = new("", "", "docker/routes.conf", "server host.docker.internal:5173;\n", true, FileAudience.Containers),
        ["secrets/key"] = new("", "", "docker/key", "redis://host.docker.internal:6379\n", true, FileAudience.Owner),
    });

    [Fact]
    public void Configs_and_secrets_are_patched_like_mounted_files()
    {
        var plan = InstancePlanner.Create(Tests.Studio.Spec(1), Model, new Dictionary<string, EnvSource>(), configs: Sources);

        Assert.Equal(
            [
                ("configs/routes", "server host.docker.internal:5273;\n", "docker/routes.conf", FileAudience.Containers),
                ("secrets/key", "redis://host.docker.internal:6479\n", "docker/key", FileAudience.Owner),
            ],
            plan.Files.Where(f => f.Name.Contains('/', StringComparison.Ordinal)).Select(f => (f.Name, f.Content, f.Source, f.Audience)));
        Assert.Contains(plan.Notes, n => n.StartsWith("configs.both is used by loki and other", StringComparison.Ordinal));
        Snapshot.Verify(plan.Files[^1].Content, "yml");
    }

    [Fact]
    public void A_label_of_the_security_system_is_kept() => Assert.Equal("Z", Model.Services.Single(s => s.Name == "other").Mounts[0].Relabel);
}
