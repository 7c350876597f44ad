using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;
using Xunit;

namespace InstanceKit.Tests.Cases;

/// <summary>Services that keep their data outside of the workspace.</summary>
public sealed class DataCaseTests
{
    private const string Compose = """
        services:
          pg:
            image: postgres:15
            volumes: ["/srv/ledger/pg:/var/lib/postgresql/data"]
          search:
            image: elasticsearch:8.14.0
            volumes: ["../ledger-es:/usr/share/elasticsearch/data"]
          media:
            image: minio/minio
            volumes: ["media:/data"]
          metrics:
            image: prom/prometheus
            volumes: ["metrics:/prometheus", "/:/rootfs:ro", "/var/lib/docker:/var/lib/docker"]
          web:
            image: nginx
            volumes: ["uploads:/uploads", "/srv/www:/var/lib/www:ro", "./own:/data", "plain:/var/lib/cache", "..:/data/all"]
          backup:
            image: restic/restic
            volumes: ["/srv/ledger/pg/wal:/wal", "/srv/ledger:/all"]
        volumes:
          media: {external: true, name: ledger_media}
          metrics: {driver: local, driver_opts: {type: nfs, o: "addr=10.0.0.9", device: ":/metrics"}}
          uploads: {driver: local, driver_opts: {type: none, o: bind, device: /srv/ledger/uploads}}
          plain: {}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Data_that_instances_would_share_is_refused_with_both_ways_out(int number)
    {
        var error = Assert.Throws<InstanceKitException>(() => Workspace(s => s).Instance(number));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(
            $"Instance {number} would write to the data of instance 0, which is outside of the workspace: service media in the external volume "
            + "ledger_media, service metrics in :/metrics, service pg in /srv/ledger/pg, service search in /home/dev/ledger-es.",
            error.Message);
        Assert.Equal(
            "Give each instance its own in instancekit.yml with 'data: own', or let all instances share it with 'allow: [shared-data]'.", error.Remedy);
    }

    [Fact]
    public void Instance_0_keeps_its_data()
    {
        var instance = Workspace(s => s with { OwnsData = true }).Instance(0);

        Assert.Empty(instance.Plan.DataFolders);
        Assert.DoesNotContain("external", Volume(instance, "media"), StringComparer.Ordinal);
    }

    [Fact]
    public void Shared_data_is_allowed_with_a_note()
    {
        var notes = Workspace(s => s with { AllowsSharedData = true }).Instance(1).Plan.Notes;

        Assert.Contains("Service pg may write to /srv/ledger/pg, which all instances share.", notes);
        Assert.Contains("Volume ledger_media is external: it is not changed, and all instances share it.", notes);
    }

    [Fact]
    public void Instances_can_have_data_of_their_own()
    {
        var instance = Workspace(s => s with { OwnsData = true }).Instance(1);
        const string outside = "/home/dev/case/.instances/instance-1/data/outside";

        Assert.Equal(
            [$"{outside}/home/dev/ledger-es", $"{outside}/srv/ledger/pg", "/home/dev/case/.instances/instance-1/data/own"],
            instance.Plan.DataFolders.Order(StringComparer.Ordinal).OrderBy(f => f.EndsWith("own", StringComparison.Ordinal)));
        Assert.Equal([$"{outside}/srv/ledger/pg"], Sources(instance, "pg"));
        Assert.Equal([$"{outside}/home/dev/ledger-es"], Sources(instance, "search"));
        Assert.Equal([$"{outside}/srv/ledger/pg/wal"], Sources(instance, "backup"));
        Assert.Equal(["name case-dev-1_media", "external !reset null"], Volume(instance, "media").Where(e => !e.StartsWith("driver", StringComparison.Ordinal) && !e.StartsWith("labels", StringComparison.Ordinal)));
        Assert.Contains("driver_opts !reset null", Volume(instance, "metrics"));
        Assert.DoesNotContain(Volume(instance, "uploads"), e => e.Contains("!reset", StringComparison.Ordinal));
        Assert.Contains("The data in volume ledger_media belongs to instance 0; instance 1 starts without data, in case-dev-1_media.", instance.Plan.Notes);
    }

    [Theory]
    [InlineData("/var/run/docker.sock:/var/run/docker.sock:ro")]
    [InlineData("/run/user/1000/podman/podman.sock:/var/run/docker.sock")]
    [InlineData("/var/run:/host/run:ro")]
    public void A_mount_of_the_engine_s_socket_is_noted(string mount)
    {
        var notes = new CaseWorkspace("case").With("compose.yaml", $"services: {{watch: {{image: cadvisor, volumes: ['{mount}']}}}}").Instance(1).Plan.Notes;

        Assert.Contains("Service watch uses the engine's socket: it sees the containers of all instances.", notes);
    }

    private static CaseWorkspace Workspace(Func<StackDefinition, StackDefinition> change) =>
        new CaseWorkspace("case") { StackFile = change }.With("compose.yaml", Compose);

    private static IEnumerable<string> Sources(CaseInstance instance, string service) =>
        Service(instance, service) is YamlSequenceNode list ? list.Children.Select(m => m["source"].ToString()) : [];

    private static YamlNode? Service(CaseInstance instance, string service) =>
        Root(instance)["services"][service] is YamlMappingNode node && node.Children.TryGetValue("volumes", out var found) ? found : null;

    private static IReadOnlyList<string> Volume(CaseInstance instance, string key) =>
        ((YamlMappingNode)Root(instance)["volumes"]).Children.TryGetValue(key, out var node)
            ? [.. ((YamlMappingNode)node).Children.Select(c => $"{c.Key} {(c.Value.Tag.IsEmpty ? "" : $"{c.Value.Tag} ")}{c.Value}")]
            : [];

    private static YamlNode Root(CaseInstance instance)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(instance.Plan.Files[^1].Content));
        return yaml.Documents[0].RootNode;
    }
}
